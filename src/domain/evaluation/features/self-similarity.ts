import type { AudibleNotes } from './audible-notes.js';

/**
 * How alike a roll is to itself `lag` columns later: the cells that sound in a column and again `lag` columns later, of
 * all that sound in either (Jaccard 1901), over the columns from the first note on that have a partner before the end. 1
 * for music that repeats exactly, 0 for music that never does or is not longer than the lag. Silence counts for nothing.
 */
export function selfSimilarity({ sounding, format: { columns }, start, length }: AudibleNotes, lag: number): number {
  let [both, either] = [0, 0];
  for (let row = 0; row < sounding.length; row += columns) {
    for (let at = row + start; at < row + length - lag; at++) {
      const [now, later] = [sounding[at]!, sounding[at + lag]!];
      both += now & later;
      either += now | later;
    }
  }
  return either === 0 ? 0 : both / either;
}
