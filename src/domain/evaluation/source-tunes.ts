import type { DatasetManifest } from '../dataset/manifest.js';
import type { SourceTune } from './split-in-halves.js';

/**
 * The tunes of a dataset with their rolls, in the order of its manifest. Of the augmented copies (laybacks,
 * transpositions) only the one nearest to the original counts, because copies of a tune are not independent tunes.
 */
export function sourceTunes({ sources, preparation }: DatasetManifest): readonly SourceTune[] {
  const { layback, transpose } = preparation;
  const copies = (transpose.to - transpose.from + 1) * layback;
  // Copies are ordered by transposition, then layback. This one is nearest to 0 semitones and has no layback.
  const nearest = Math.min(Math.max(0, transpose.from), transpose.to);
  const copy = (nearest - transpose.from) * layback;
  const tunes: SourceTune[] = [];
  let start = 0;
  for (const { name, sha256, rolls: count } of sources) {
    // The bounds are approximate where a transposition moved all notes of a window out of the roll.
    const from = start + Math.floor((copy * count) / copies);
    const to = start + Math.max(Math.floor(((copy + 1) * count) / copies), Math.floor((copy * count) / copies) + 1);
    const rolls = Array.from({ length: count === 0 ? 0 : to - from }, (_, i) => from + i);
    if (count > 0) tunes.push({ name, piece: sha256 ?? name, rolls });
    start += count;
  }
  return tunes;
}
