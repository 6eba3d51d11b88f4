import type { PreparationOptions, SourceOutcome } from '../../domain/dataset/manifest.js';
import { cellCount, describeFormat, type RollFormat } from '../../domain/roll/roll-format.js';
import { formatCount, escapeForTerminal } from '../../domain/text.js';
import type { InspectPath } from './inspection.js';
import type { DatasetStore } from '../../ports/dataset-store.js';
import { countDuplicates, countOutcomes } from '../tunes/describe-source.js';

/** What a dataset holds, every byte of it checked. */
export interface DatasetInspection {
  readonly kind: 'dataset';
  readonly path: string;
  readonly version: number;
  readonly rolls: number;
  readonly chunks: number;
  readonly format: RollFormat;
  readonly preparation: PreparationOptions;
  readonly origin: string;
  readonly sources: Readonly<Record<SourceOutcome, number>>;
  /** Sources whose bytes an earlier one has, too. */
  readonly duplicates: number;
  /** Notes in all sources; those that the pitch range left out. */
  readonly notes: number;
  readonly notesOutside: number;
  /** Share of cells that are 1, 0..1. */
  readonly density: number;
  /** Rolls without a single note. */
  readonly blankRolls: number;
  readonly digest: string;
}

export type InspectDataset = InspectPath<DatasetInspection>;

export const createInspectDataset =
  ({ datasets }: { readonly datasets: DatasetStore }): InspectDataset =>
  async (path) => {
    const dataset = await datasets.open(path);
    try {
      const { version, rolls, chunks, format, preparation, origin, sources, digest } = dataset.manifest;
      let [cellsOn, blankRolls] = [0, 0];
      for (let i = 0; i < rolls; i++) {
        const on = countBits(dataset.packedRoll(i));
        cellsOn += on;
        if (on === 0) blankRolls++;
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
        density: rolls === 0 ? 0 : cellsOn / (rolls * cellCount(format)),
        blankRolls,
        digest,
      };
      return { json, lines: describeDataset(json) };
    } finally {
      await dataset.close();
    }
  };

export function describeDataset(dataset: DatasetInspection): string[] {
  const { sources, preparation, blankRolls } = dataset;
  const { windows, layback, transpose, fold } = preparation;
  const copies = [
    windows === 'all' ? 'all windows' : 'first window only',
    `layback ${layback}`,
    `transposed ${transpose.from}..${transpose.to}`,
    ...(fold ? ['folded by octaves'] : []),
  ];
  return [
    `dataset of ${formatCount(dataset.rolls, 'roll')} in ${formatCount(dataset.chunks, 'chunk')}, all whole`,
    describeFormat(dataset.format),
    `from ${dataset.origin}: ${sources.used} used, ${sources.damaged} damaged but used, ${sources.empty} empty, ${sources.refused} refused, ${dataset.duplicates} with the bytes of another`,
    `${formatCount(dataset.notes, 'note')}, ${dataset.notesOutside} of them outside the roll; ${copies.join(', ')}`,
    `${(100 * dataset.density).toFixed(2)} % of the cells sound; ${formatCount(blankRolls, 'blank roll')}`,
    `digest ${dataset.digest}`,
  ].map(escapeForTerminal);
}

/** How many bits are set, eight at a time by table. */
function countBits(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) count += BITS_SET_PER_BYTE[bytes[i]!]!;
  return count;
}

const BITS_SET_PER_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
