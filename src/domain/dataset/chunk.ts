import type { RollFormat } from '../roll/roll-format.js';
import { CHUNK_ROLLS, type ChunkEntry } from './manifest.js';

/** Such as `chunk-00000.npy`. */
export const chunkName = (index: number): string => `chunk-${String(index).padStart(5, '0')}.npy`;

/** [rolls, channels, pitches, columns / 8]; numpy.unpackbits(chunk, axis=-1) gives the cells. */
export const chunkShape = (format: RollFormat, rolls: number): readonly number[] => [
  rolls,
  format.channels.length,
  format.pitches,
  format.columns / 8,
];

/** The chunk of a roll, and its row there. */
export const locateRoll = (index: number): { readonly chunk: number; readonly row: number } => ({
  chunk: Math.floor(index / CHUNK_ROLLS),
  row: index % CHUNK_ROLLS,
});

/** The text whose SHA-256 is the digest of a dataset: a line for the format, and one for each chunk. */
export function digestInput(format: RollFormat, chunks: readonly ChunkEntry[]): string {
  const { lowestPitch, pitches, columns, columnsPerBeat } = format;
  const channels = format.channels.map(({ voice, kind }) => ({ voice, kind }));
  const head = JSON.stringify({ lowestPitch, pitches, columns, columnsPerBeat, channels });
  return [head, ...chunks.map((chunk) => `${chunk.sha256} ${chunk.rolls}`), ''].join('\n');
}

/**
 * Why the chunks of a manifest are inconsistent with each other or with its number of rolls; undefined if they are not.
 */
export function chunksProblem(chunks: readonly ChunkEntry[], rolls: number): string | undefined {
  const total = chunks.reduce((sum, chunk) => sum + chunk.rolls, 0);
  if (total !== rolls) return `its chunks hold ${total} rolls, but it says ${rolls}`;
  for (const [i, chunk] of chunks.entries()) {
    if (chunk.file !== chunkName(i)) return `chunk ${i} is called ${JSON.stringify(chunk.file)}, not ${chunkName(i)}`;
    const mustBeFull = i < chunks.length - 1;
    if (chunk.rolls > CHUNK_ROLLS || chunk.rolls < 1 || (mustBeFull && chunk.rolls !== CHUNK_ROLLS)) {
      return `${chunk.file} holds ${chunk.rolls} rolls instead of ${mustBeFull ? '' : '1 to '}${CHUNK_ROLLS}`;
    }
  }
  return undefined;
}
