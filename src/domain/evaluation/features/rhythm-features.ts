import { entropy, share, type Feature } from './feature.js';
import type { HeardRoll } from './audible-notes.js';

/** Where in the beat and in the bar notes start. Column 0 begins a bar; its length is likelyBar's. */
export const RHYTHM_FEATURES: readonly Feature[] = [
  {
    name: 'onsets on the beat',
    unit: 'share',
    meaning: 'notes that start on a beat',
    value: (heard) => startsAt(heard, heard.format.columnsPerBeat, 1),
  },
  {
    name: 'onsets on the half beat',
    unit: 'share',
    meaning: 'notes that start on a beat or half-way to the next; 1 on a grid of 2 columns a beat',
    value: (heard) => startsAt(heard, heard.format.columnsPerBeat, 2),
  },
  {
    name: 'onsets on the bar',
    unit: 'share',
    meaning: 'notes that start with a bar',
    value: (heard) => startsAt(heard, heard.barColumns, 1),
  },
  {
    name: 'bar position entropy',
    unit: 'bits',
    meaning: "entropy of the notes' starts within the bar: low where the bar is felt",
    value: ({ notes, barColumns }) => {
      const counts = new Uint32Array(barColumns);
      for (const { start } of notes) counts[start % barColumns]!++;
      return entropy(counts);
    },
  },
];

/** The share of notes that start at a whole multiple of columns / parts. */
const startsAt = ({ notes }: HeardRoll, columns: number, parts: number): number =>
  share(notes.filter(({ start }) => (start * parts) % columns === 0).length, notes.length);
