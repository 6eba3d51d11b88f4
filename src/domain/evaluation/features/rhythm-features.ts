import { entropy, ratio, type Feature } from './feature.js';
import type { AudibleNotes } from './audible-notes.js';

/** Positions of onsets in the beat and in the bar. A bar starts at column 0; for its length see estimateBarLength. */
export const RHYTHM_FEATURES: readonly Feature[] = [
  {
    name: 'onsets on the beat',
    unit: 'share',
    meaning: 'notes that start on a beat',
    compute: (audible) => shareOfOnsetsAt(audible, audible.format.columnsPerBeat, 1),
  },
  {
    name: 'onsets on the half beat',
    unit: 'share',
    meaning: 'notes that start on a beat or half-way to the next; 1 on a grid of 2 columns a beat',
    compute: (audible) => shareOfOnsetsAt(audible, audible.format.columnsPerBeat, 2),
  },
  {
    name: 'onsets on the bar',
    unit: 'share',
    meaning: 'notes that start with a bar',
    compute: (audible) => shareOfOnsetsAt(audible, audible.columnsPerBar, 1),
  },
  {
    name: 'bar position entropy',
    unit: 'bits',
    meaning: "entropy of the notes' starts within the bar: low where the bar is felt",
    compute: ({ notes, columnsPerBar }) => {
      const counts = new Uint32Array(columnsPerBar);
      for (const { start } of notes) counts[start % columnsPerBar]!++;
      return entropy(counts);
    },
  },
];

/** The share of notes that start at a whole multiple of columns / parts. */
const shareOfOnsetsAt = ({ notes }: AudibleNotes, columns: number, parts: number): number =>
  ratio(notes.filter(({ start }) => (start * parts) % columns === 0).length, notes.length);
