import type { DatasetManifest } from '../dataset/manifest.js';
import type { SourceTune } from './split-in-halves.js';

/**
 * The tunes of a dataset with the rolls of each, in the order of its manifest. Of the copies that a preparation made
 * (laybacks, transpositions) only those nearest to the tune as it was count: copies of one tune are no other tunes.
 */
export function sourceTunes({ sources, preparation }: DatasetManifest): readonly SourceTune[] {
  const { layback, transpose } = preparation;
  const copies = (transpose.to - transpose.from + 1) * layback;
  // Transpositions from low to high, laybacks within: the one nearest to 0 semitones, without layback.
  const nearest = Math.min(Math.max(0, transpose.from), transpose.to);
  const copy = (nearest - transpose.from) * layback;
  const tunes: SourceTune[] = [];
  let start = 0;
  for (const { name, sha256, rolls: count } of sources) {
    // A transposition may lose a window whose notes all leave the roll; then the bounds are near enough.
    const from = start + Math.floor((copy * count) / copies);
    const to = start + Math.max(Math.floor(((copy + 1) * count) / copies), Math.floor((copy * count) / copies) + 1);
    const rolls = Array.from({ length: count === 0 ? 0 : to - from }, (_, i) => from + i);
    if (count > 0) tunes.push({ name, piece: sha256 ?? name, rolls });
    start += count;
  }
  return tunes;
}
