import type { RollFormat } from '../../roll/roll-format.js';
import { ratio, type Feature } from './feature.js';
import type { AudibleNotes } from './audible-notes.js';

const { ceil, max, sqrt } = Math;

/** Lengths of notes. */
export const NOTE_LENGTH_FEATURES: readonly Feature[] = [
  {
    name: 'qualified notes',
    unit: 'share',
    meaning: 'notes of a thirty-second or more, and of at least 2 columns: the others are fragments',
    compute: (audible) => shareOfNotes(audible, (length) => length >= qualifiedColumns(audible.format)),
  },
  {
    name: 'note length',
    unit: 'beats',
    meaning: 'mean length of the notes',
    compute: ({ notes, format }) => ratio(sum(notes.map(({ length }) => length)), notes.length) / format.columnsPerBeat,
  },
  {
    name: 'note length deviation',
    unit: 'beats',
    meaning: "standard deviation of the notes' lengths",
    compute: ({ notes, format }) => {
      const mean = ratio(sum(notes.map(({ length }) => length)), notes.length);
      const squares = sum(notes.map(({ length }) => (length - mean) ** 2));
      return sqrt(ratio(squares, notes.length)) / format.columnsPerBeat;
    },
  },
  {
    name: 'long notes',
    unit: 'share',
    meaning: 'notes of more than a beat',
    compute: (audible) => shareOfNotes(audible, (length) => length > audible.format.columnsPerBeat),
  },
];

/**
 * MuseGAN (Dong et al. 2018) qualifies notes of at least 3 of its 24 columns a beat, a thirty-second. On coarser grids
 * every note is that long; there a note of a single column is what makes a roll fragmented.
 */
const qualifiedColumns = ({ columnsPerBeat }: RollFormat): number => max(2, ceil(columnsPerBeat / 8));

const shareOfNotes = ({ notes }: AudibleNotes, isCounted: (length: number) => boolean): number =>
  ratio(notes.filter(({ length }) => isCounted(length)).length, notes.length);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
