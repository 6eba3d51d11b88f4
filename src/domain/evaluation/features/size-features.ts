import { ratio, type Feature } from './feature.js';
import type { AudibleNotes } from './audible-notes.js';

/** Amounts of notes and of silence. */
export const SIZE_FEATURES: readonly Feature[] = [
  {
    name: 'notes',
    unit: 'notes',
    meaning: 'notes of all voices',
    compute: ({ notes }) => notes.length,
  },
  {
    name: 'length',
    unit: 'columns',
    meaning: 'columns until the last note ends',
    compute: ({ length }) => length,
  },
  {
    name: 'empty columns',
    unit: 'share',
    meaning: 'columns before the end in which nothing sounds; 1 for a blank roll',
    compute: ({ length, polyphony }) => (length === 0 ? 1 : ratio(countEmpty(polyphony, 0, length), length)),
  },
  {
    name: 'empty bars',
    unit: 'share',
    meaning: 'bars before the end in which nothing sounds, held notes included; 1 for a blank roll',
    compute: emptyBars,
  },
];

/**
 * The ratio of empty bars of MuseGAN (Dong et al. 2018). A bar in which a note continues is not empty, unlike in the
 * empty_measure_rate of MusPy, which looks at onsets only.
 */
function emptyBars({ length, polyphony, columnsPerBar }: AudibleNotes): number {
  if (length === 0) return 1;
  let [bars, empty] = [0, 0];
  for (let start = 0; start < length; start += columnsPerBar) {
    const end = start + columnsPerBar < length ? start + columnsPerBar : length;
    bars++;
    if (countEmpty(polyphony, start, end) === end - start) empty++;
  }
  return empty / bars;
}

function countEmpty(polyphony: Uint8Array, from: number, to: number): number {
  let empty = 0;
  for (let column = from; column < to; column++) if (polyphony[column] === 0) empty++;
  return empty;
}
