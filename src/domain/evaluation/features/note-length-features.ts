import type { RollFormat } from '../../roll/roll-format.js';
import { share, type Feature } from './feature.js';
import type { HeardRoll } from './audible-notes.js';

const { ceil, max, sqrt } = Math;

/** How long notes last. */
export const NOTE_LENGTH_FEATURES: readonly Feature[] = [
  {
    name: 'qualified notes',
    unit: 'share',
    meaning: 'notes of a thirty-second or more, and of at least 2 columns: the others are fragments',
    value: (heard) => ofNotes(heard, (length) => length >= qualifiedColumns(heard.format)),
  },
  {
    name: 'note length',
    unit: 'beats',
    meaning: 'mean length of the notes',
    value: ({ notes, format }) => share(sum(notes.map(({ length }) => length)), notes.length) / format.columnsPerBeat,
  },
  {
    name: 'note length deviation',
    unit: 'beats',
    meaning: "standard deviation of the notes' lengths",
    value: ({ notes, format }) => {
      const mean = share(sum(notes.map(({ length }) => length)), notes.length);
      const squares = sum(notes.map(({ length }) => (length - mean) ** 2));
      return sqrt(share(squares, notes.length)) / format.columnsPerBeat;
    },
  },
  {
    name: 'long notes',
    unit: 'share',
    meaning: 'notes of more than a beat',
    value: (heard) => ofNotes(heard, (length) => length > heard.format.columnsPerBeat),
  },
];

/**
 * MuseGAN (Dong et al. 2018) qualifies notes of 3 of its 24 columns a beat or more, a thirty-second. On a coarser grid
 * every note is as long as that, and what makes a roll look torn is the note of a single column.
 */
const qualifiedColumns = ({ columnsPerBeat }: RollFormat): number => max(2, ceil(columnsPerBeat / 8));

const ofNotes = ({ notes }: HeardRoll, isOne: (length: number) => boolean): number =>
  share(notes.filter(({ length }) => isOne(length)).length, notes.length);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
