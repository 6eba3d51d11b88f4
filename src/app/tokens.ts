import type { ServiceIdentifier } from 'inversify';
import type { Clock } from '../ports/clock.js';
import type { Console } from '../ports/console.js';
import type { DatasetStore } from '../ports/dataset-store.js';
import type { FileStore } from '../ports/file-store.js';
import type { GeneratorRuntime } from '../ports/generator-runtime.js';
import type { Interruption } from '../ports/interruption.js';
import type { MidiLibrary } from '../ports/midi-library.js';
import type { MidiReader } from '../ports/midi-reader.js';
import type { MidiWriter } from '../ports/midi-writer.js';
import type { ModelFormat } from '../ports/model-format.js';
import type { PictureEncoder } from '../ports/picture-encoder.js';
import type { RunStore } from '../ports/run-store.js';

const token = <T>(name: string): ServiceIdentifier<T> => Symbol.for(name);

export const TOKENS = {
  clock: token<Clock>('Clock'),
  console: token<Console>('Console'),
  datasetStore: token<DatasetStore>('DatasetStore'),
  fileStore: token<FileStore>('FileStore'),
  generatorRuntime: token<GeneratorRuntime>('GeneratorRuntime'),
  interruption: token<Interruption>('Interruption'),
  midiLibrary: token<MidiLibrary>('MidiLibrary'),
  midiReader: token<MidiReader>('MidiReader'),
  midiWriter: token<MidiWriter>('MidiWriter'),
  modelFormat: token<ModelFormat>('ModelFormat'),
  pictureEncoder: token<PictureEncoder>('PictureEncoder'),
  runStore: token<RunStore>('RunStore'),
} as const;
