import { createStandardMidiReader } from '../../src/adapters/midi/standard-midi-reader.js';
import { createStandardMidiWriter } from '../../src/adapters/midi/standard-midi-writer.js';
import { createReferenceEngine } from '../../src/adapters/reference/reference-engine.js';
import { createMemoryFileStore } from '../../src/adapters/web/memory-file-store.js';
import { createNoiseSearchFactory } from '../../src/app/complete/complete.js';
import type { ComposePorts, ComposeRequest, ComposeResult } from '../../src/app/compose/compose-request.js';
import { createCompose } from '../../src/app/compose/compose.js';
import { createTuneWriter } from '../../src/app/tunes/write-tune.js';
import { createEngineRegistry, onCpuOnly } from '../../src/app/wiring/engine-registry.js';
import type { Machine } from '../../src/ports/machine.js';
import { formulaGeneratorRuntime } from './fakes/formula-generator-runtime.js';
import { jsonModelFormat } from './fakes/json-model-format.js';
import { plainPictureEncoder } from './fakes/plain-picture-encoder.js';
import { recordingConsole } from './fakes/recording-console.js';
import { tinyGenerator, tinyMetadata, tinyProbabilities } from './model/tiny-generator.js';

const REQUEST: ComposeRequest = {
  model: 'models/tiny.onnx',
  count: 3,
  seed: 7,
  out: 'out',
  device: 'auto',
  replace: false,
  qpm: 90,
  program: 21,
};

export interface ComposeSetUp {
  readonly files: ReturnType<typeof createMemoryFileStore>;
  readonly runtime: ReturnType<typeof formulaGeneratorRuntime>;
  readonly console: ReturnType<typeof recordingConsole>;
  readonly stop: AbortController;
  /** Composes three tunes of seed 7 into `out`, unless changed. */
  readonly compose: (changes?: Partial<ComposeRequest>, ports?: Partial<ComposePorts>) => Promise<ComposeResult>;
  /** Paths of all files that were written. */
  readonly written: () => string[];
  /** Bytes of a file. */
  readonly hex: (path: string) => string;
}

/** Compose on a tiny model, with files in memory. */
export async function composeSetUp(): Promise<ComposeSetUp> {
  const files = createMemoryFileStore();
  files.files.set('models/tiny.onnx', await jsonModelFormat.encodeGenerator(tinyGenerator(), tinyMetadata));
  const runtime = formulaGeneratorRuntime(tinyProbabilities);
  const console = recordingConsole();
  const stop = new AbortController();
  const midiWriter = createStandardMidiWriter();
  const engines = createEngineRegistry({ onnxruntime: onCpuOnly(createReferenceEngine) });
  const machine = { facts: () => ({ cores: 1 }) } as Machine;
  const noiseSearchFactory = createNoiseSearchFactory({
    ...{ files, midiReader: createStandardMidiReader(), modelFormat: jsonModelFormat },
    ...{ engines, machine, console, signal: stop.signal },
  });
  const ports: ComposePorts = {
    files,
    runtime,
    openTuneWriter: async () => createTuneWriter({ files, midiWriter, pictures: plainPictureEncoder }),
    console,
    signal: stop.signal,
    loadRender: () => Promise.reject(new Error('no sound is requested')),
    loadNoiseSearchFactory: async () => noiseSearchFactory,
  };
  return {
    ...{ files, runtime, console, stop },
    compose: (changes = {}, ownPorts = {}) => createCompose({ ...ports, ...ownPorts })({ ...REQUEST, ...changes }),
    written: () => [...files.files.keys()].filter((path) => !path.startsWith('models/')),
    hex: (path) => Buffer.from(files.files.get(path)!).toString('hex'),
  };
}
