import { MIDI_ENDINGS } from '../../domain/midi/midi-endings.js';
import type { ScoreFormat, ScoreReaders } from '../../ports/score-readers.js';
import { createScoreReaders } from '../tunes/score-readers.js';

/** The formats that scores are read from. A new one is a row here. The first reads files with an unknown ending. */
const SCORE_FORMATS: readonly [ScoreFormat, ...ScoreFormat[]] = [
  {
    name: 'MIDI',
    endings: MIDI_ENDINGS,
    open: async () => (await import('../../adapters/midi/standard-midi-reader.js')).createStandardMidiReader(),
  },
];

/** The endings of all formats, for help texts. */
export const SCORE_ENDINGS = SCORE_FORMATS.flatMap(({ endings }) => endings);

export const openScoreReaders = (): ScoreReaders => createScoreReaders(SCORE_FORMATS);
