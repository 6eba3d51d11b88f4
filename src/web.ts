// The face of Apollo for browsers and their workers. Nothing that it reaches needs Node
// (test/web-architecture.test.ts).

export { createStandardMidiReader } from './adapters/midi/standard-midi-reader.js';
export { createStandardMidiWriter } from './adapters/midi/standard-midi-writer.js';
export { createMemoryFileStore, type MemoryFileStore } from './adapters/web/memory-file-store.js';
export { createWebServices, type WebOptions, type WebServices } from './app/wiring/web-services.js';
export type { ComposeRequest, ComposeResult } from './app/compose/compose-request.js';
export type { EvaluateRequest } from './app/evaluate/evaluate.js';
export type { EvaluateResult } from './app/evaluate/evaluation-result.js';
export type { PrepareRequest, PrepareResult } from './app/prepare/prepare.js';
export * from './domain/errors.js';
export { MidiError } from './domain/midi/midi-error.js';
export type { Score, Track, Note } from './domain/music/score.js';
export type { PianoRoll } from './domain/roll/piano-roll.js';
export { DEFAULT_ROLL_FORMAT, type RollFormat } from './domain/roll/roll-format.js';
export { singleRollFromScore } from './domain/roll/quantize.js';
export { scoreFromRoll } from './domain/roll/score-from-roll.js';
export type { Console } from './ports/console.js';
export type { GeneratorRuntime, Generator } from './ports/generator-runtime.js';
export type { MidiReader, MidiReadResult } from './ports/midi-reader.js';
export type { MidiWriter } from './ports/midi-writer.js';
