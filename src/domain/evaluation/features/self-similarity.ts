import type { AudibleNotes } from './audible-notes.js';

/**
 * Similarity of a roll to itself `lag` columns later: the cells that sound in a column and `lag` columns later, divided
 * by those that sound in either (Jaccard 1901), over the columns from the first note on for which both lie before the
 * end. 1 for exact repetition; 0 without repetition, or for music not longer than the lag.
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
