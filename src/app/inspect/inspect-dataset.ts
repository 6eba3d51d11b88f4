import { cellCount } from '../../domain/roll/roll-format.js';
import type { DatasetStore } from '../../ports/dataset-store.js';
import { countDuplicates, countOutcomes } from '../tunes/describe-source.js';
import { describeDataset } from './describe-dataset.js';
import type { DatasetInspection, InspectPath } from './inspection.js';

export type InspectDataset = InspectPath<DatasetInspection>;

export const createInspectDataset =
  ({ datasets }: { readonly datasets: DatasetStore }): InspectDataset =>
  async (path) => {
    const dataset = await datasets.open(path);
    try {
      const { version, rolls, chunks, format, preparation, origin, sources, digest } = dataset.manifest;
      let [soundingCells, blankRolls] = [0, 0];
      for (let i = 0; i < rolls; i++) {
        const count = countBits(dataset.packedRoll(i));
        soundingCells += count;
        if (count === 0) blankRolls++;
      }
      const json: DatasetInspection = {
        kind: 'dataset',
        path,
        version,
        rolls,
        chunks: chunks.length,
        format,
        preparation,
        origin,
        sources: countOutcomes(sources),
        duplicates: countDuplicates(sources),
        notes: sources.reduce((sum, source) => sum + source.notes, 0),
        notesOutside: sources.reduce((sum, source) => sum + source.notesOutside, 0),
        density: rolls === 0 ? 0 : soundingCells / (rolls * cellCount(format)),
        blankRolls,
        digest,
      };
      return { json, lines: describeDataset(json) };
    } finally {
      await dataset.close();
    }
  };

/** Counts the bits that are set, a byte at a time by table. */
function countBits(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) count += BITS_SET_PER_BYTE[bytes[i]!]!;
  return count;
}

const BITS_SET_PER_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
