import type { ServiceIdentifier } from 'inversify';
import type { Clock } from '../../ports/clock.js';
import type { Console } from '../../ports/console.js';
import type { DatasetStore } from '../../ports/dataset-store.js';
import type { DeviceProbe } from '../../ports/device-probe.js';
import type { Digest } from '../../ports/digest.js';
import type { EngineRegistry } from '../../ports/engine-registry.js';
import type { BatchLoader } from '../../ports/batch-loader.js';
import type { FileStore } from '../../ports/file-store.js';
import type { GeneratorRuntime } from '../../ports/generator-runtime.js';
import type { Machine } from '../../ports/machine.js';
import type { MidiLibrary } from '../../ports/midi-library.js';
import type { MidiReader } from '../../ports/midi-reader.js';
import type { MidiWriter } from '../../ports/midi-writer.js';
import type { ModelFormat } from '../../ports/model-format.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import type { RunStore } from '../../ports/run-store.js';
import type { Synthesizer } from '../../ports/synthesizer.js';
import type { Compose, OpenTuneWriter } from '../compose/compose.js';
import type { NoiseSearchFactory } from '../complete/complete.js';
import type { QuantizeTunes, OpenQuantizerPool } from '../prepare/quantize-tunes.js';
import type { Doctor } from '../doctor/doctor.js';
import type { Evaluate } from '../evaluate/evaluate.js';
import type { ReadEvaluatedTunes } from '../evaluate/read-evaluated-tunes.js';
import type { Export } from '../export/export.js';
import type { FindTunes } from '../tunes/find-tunes.js';
import type { Inspect } from '../inspect/inspect.js';
import type { InspectDataset } from '../inspect/inspect-dataset.js';
import type { InspectMidi } from '../inspect/inspect-midi.js';
import type { InspectModel } from '../inspect/inspect-model.js';
import type { InspectRun } from '../inspect/inspect-run.js';
import type { ListModels } from '../models/list-models.js';
import type { RenderSound } from '../sound/render-sound.js';
import type { Prepare } from '../prepare/prepare.js';
import type { Render } from '../render/render.js';
import type { WriteReport } from '../report/write-report.js';
import type { Train } from '../train/train.js';
import type { TrainingLoop } from '../train/training-loop.js';
import type { DrawSamples } from '../train/training-samples.js';
import type { CheckShippedModel, ListShippedModels } from '../models/shipped-models.js';

const token = <T>(name: string): ServiceIdentifier<T> => Symbol.for(name);

/** Gives a part of the program, building it when it is first asked for. */
export type ServiceProvider = <T>(token: ServiceIdentifier<T>) => Promise<T>;

/** The ports, then the use cases. */
export const TOKENS = {
  clock: token<Clock>('Clock'),
  console: token<Console>('Console'),
  datasetStore: token<DatasetStore>('DatasetStore'),
  deviceProbes: token<readonly DeviceProbe[]>('DeviceProbes'),
  digest: token<Digest>('Digest'),
  engineRegistry: token<EngineRegistry>('EngineRegistry'),
  batchLoader: token<BatchLoader>('BatchLoader'),
  fileStore: token<FileStore>('FileStore'),
  generatorRuntime: token<GeneratorRuntime>('GeneratorRuntime'),
  signal: token<AbortSignal>('AbortSignal'),
  machine: token<Machine>('Machine'),
  midiLibrary: token<MidiLibrary>('MidiLibrary'),
  midiReader: token<MidiReader>('MidiReader'),
  midiWriter: token<MidiWriter>('MidiWriter'),
  modelFormat: token<ModelFormat>('ModelFormat'),
  pictureEncoder: token<PictureEncoder>('PictureEncoder'),
  runStore: token<RunStore>('RunStore'),
  openQuantizerPool: token<OpenQuantizerPool>('OpenQuantizerPool'),
  synthesizer: token<Synthesizer>('Synthesizer'),

  checkShippedModel: token<CheckShippedModel>('CheckShippedModel'),
  noiseSearchFactory: token<NoiseSearchFactory>('NoiseSearchFactory'),
  compose: token<Compose>('Compose'),
  openTuneWriter: token<OpenTuneWriter>('OpenTuneWriter'),
  /** Path of the model that composes when none is named. */
  defaultModel: token<string>('DefaultModel'),
  quantizeTunes: token<QuantizeTunes>('QuantizeTunes'),
  doctor: token<Doctor>('Doctor'),
  evaluate: token<Evaluate>('Evaluate'),
  export: token<Export>('Export'),
  findTunes: token<FindTunes>('FindTunes'),
  inspect: token<Inspect>('Inspect'),
  inspectDataset: token<InspectDataset>('InspectDataset'),
  inspectMidi: token<InspectMidi>('InspectMidi'),
  inspectModel: token<InspectModel>('InspectModel'),
  inspectRun: token<InspectRun>('InspectRun'),
  listModels: token<ListModels>('ListModels'),
  listShippedModels: token<ListShippedModels>('ListShippedModels'),
  writeReport: token<WriteReport>('WriteReport'),
  renderSound: token<RenderSound>('RenderSound'),
  prepare: token<Prepare>('Prepare'),
  readEvaluatedTunes: token<ReadEvaluatedTunes>('ReadEvaluatedTunes'),
  render: token<Render>('Render'),
  train: token<Train>('Train'),
  trainingLoop: token<TrainingLoop>('TrainingLoop'),
  drawSamples: token<DrawSamples>('DrawSamples'),
} as const;
