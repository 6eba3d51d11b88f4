// The part of the public interface that Node and browsers share. Nothing that it reaches needs Node.

export { createStandardMidiReader } from './adapters/midi/standard-midi-reader.js';
export { createStandardMidiWriter } from './adapters/midi/standard-midi-writer.js';
export * from './domain/errors.js';
export { MidiError } from './domain/midi/midi-error.js';
export type { Score, Track, Note } from './domain/music/score.js';
export type { PianoRoll } from './domain/roll/piano-roll.js';
export { DEFAULT_ROLL_FORMAT, type RollFormat } from './domain/roll/roll-format.js';
export { singleRollFromScore } from './domain/roll/quantize.js';
export { scoreFromRoll } from './domain/roll/score-from-roll.js';
export type { Console } from './ports/console.js';
export type { MidiReader, MidiReadResult } from './ports/midi-reader.js';
export type { MidiWriter } from './ports/midi-writer.js';
