import type { RollFormat } from '../../roll/roll-format.js';
import { ratio, type Feature } from './feature.js';
import type { AudibleNotes } from './audible-notes.js';

const { ceil, max, sqrt } = Math;

/** How long notes last. */
export const NOTE_LENGTH_FEATURES: readonly Feature[] = [
  {
    name: 'qualified notes',
    unit: 'share',
    meaning: 'notes of a thirty-second or more, and of at least 2 columns: the others are fragments',
    compute: (heard) => shareOfNotes(heard, (length) => length >= qualifiedColumns(heard.format)),
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
    compute: (heard) => shareOfNotes(heard, (length) => length > heard.format.columnsPerBeat),
  },
];

/**
 * MuseGAN (Dong et al. 2018) qualifies notes of 3 of its 24 columns a beat or more, a thirty-second. On a coarser grid
 * every note is as long as that, and what makes a roll look torn is the note of a single column.
 */
const qualifiedColumns = ({ columnsPerBeat }: RollFormat): number => max(2, ceil(columnsPerBeat / 8));

const shareOfNotes = ({ notes }: AudibleNotes, isOne: (length: number) => boolean): number =>
  ratio(notes.filter(({ length }) => isOne(length)).length, notes.length);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
