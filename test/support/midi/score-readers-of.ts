import { createStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import { createScoreReaders } from '../../../src/app/tunes/score-readers.js';
import { MIDI_ENDINGS } from '../../../src/domain/midi/midi-endings.js';
import type { ScoreReader, ScoreReaders } from '../../../src/ports/score-readers.js';

/** Reads all files with one reader. */
export const scoreReadersOf = (reader: ScoreReader = createStandardMidiReader()): ScoreReaders =>
  createScoreReaders([{ name: 'MIDI', endings: MIDI_ENDINGS, open: async () => reader }]);
