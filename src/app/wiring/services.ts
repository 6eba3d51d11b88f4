import type { BatchLoader } from '../../ports/batch-loader.js';
import type { Clock } from '../../ports/clock.js';
import type { Compression } from '../../ports/compression.js';
import type { Console } from '../../ports/console.js';
import type { DatasetStore } from '../../ports/dataset-store.js';
import type { DeviceProbe } from '../../ports/device-probe.js';
import type { Digest } from '../../ports/digest.js';
import type { EngineRegistry } from '../../ports/engine-registry.js';
import type { YieldToEventLoop } from '../../ports/event-loop.js';
import type { FileStore } from '../../ports/file-store.js';
import type { GeneratorRuntime } from '../../ports/generator-runtime.js';
import type { Machine } from '../../ports/machine.js';
import type { ScoreLibrary } from '../../ports/score-library.js';
import type { ScoreReaders } from '../../ports/score-readers.js';
import type { MidiWriter } from '../../ports/midi-writer.js';
import type { ModelFormat } from '../../ports/model-format.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import type { RunStore } from '../../ports/run-store.js';
import type { Synthesizer } from '../../ports/synthesizer.js';
import type { NoiseSearchFactory } from '../complete/complete.js';
import type { Compose, OpenTuneWriter } from '../compose/compose-request.js';
import type { Doctor } from '../doctor/doctor.js';
import type { Evaluate } from '../evaluate/evaluate.js';
import type { RenderEvaluationPage } from '../evaluate/evaluation-page.js';
import type { ReadEvaluatedTunes } from '../evaluate/read-evaluated-tunes.js';
import type { Export } from '../export/export.js';
import type { InspectDataset } from '../inspect/inspect-dataset.js';
import type { InspectMidi } from '../inspect/inspect-midi.js';
import type { InspectModel } from '../inspect/inspect-model.js';
import type { InspectRun } from '../inspect/inspect-run.js';
import type { Inspect } from '../inspect/inspect.js';
import type { ListModels } from '../models/models.js';
import type { CheckShippedModel, ListShippedModels } from '../models/shipped-models.js';
import type { Prepare } from '../prepare/prepare.js';
import type { OpenQuantizerPool, QuantizeTunes } from '../prepare/quantize-tunes.js';
import type { Render } from '../render/render.js';
import type { WriteReport } from '../report/report.js';
import type { RenderSound } from '../sound/render-sound.js';
import type { Train } from '../train/train.js';
import type { TrainingLoop } from '../train/training-loop.js';
import type { DrawSamples } from '../train/training-samples.js';
import type { FindTunes } from '../tunes/find-tunes.js';
import type { ReadTunes } from '../tunes/read-tunes.js';

/** Every service of the program by its name: what the package holds, the ports, then the use cases. */
export interface Services {
  /** Folder of the trained models of the package. */
  readonly modelsFolder: string;
  /** Path of the model that composes when none is named. */
  readonly defaultModel: string;
  /** Path of the SoundFont of the package. */
  readonly defaultSoundFont: string;
  /** Folder of the scripts that the pages of reports hold. */
  readonly pageFolder: string;

  readonly batchLoader: BatchLoader;
  readonly clock: Clock;
  readonly compression: Compression;
  readonly console: Console;
  readonly datasets: DatasetStore;
  readonly deviceProbes: readonly DeviceProbe[];
  readonly digest: Digest;
  readonly engines: EngineRegistry;
  readonly files: FileStore;
  readonly machine: Machine;
  readonly scoreLibrary: ScoreLibrary;
  readonly scoreReaders: ScoreReaders;
  readonly midiWriter: MidiWriter;
  readonly modelFormat: ModelFormat;
  readonly openQuantizerPool: OpenQuantizerPool;
  readonly openTuneWriter: OpenTuneWriter;
  readonly pictures: PictureEncoder;
  readonly runs: RunStore;
  readonly runtime: GeneratorRuntime;
  /** Aborted when the user asks to stop. */
  readonly signal: AbortSignal;
  readonly synthesizer: Synthesizer;
  readonly yieldToEventLoop: YieldToEventLoop;

  readonly checkShippedModel: CheckShippedModel;
  readonly compose: Compose;
  readonly doctor: Doctor;
  readonly drawSamples: DrawSamples;
  readonly evaluate: Evaluate;
  readonly export: Export;
  readonly findTunes: FindTunes;
  readonly inspect: Inspect;
  readonly inspectDataset: InspectDataset;
  readonly inspectMidi: InspectMidi;
  readonly inspectModel: InspectModel;
  readonly inspectRun: InspectRun;
  readonly listModels: ListModels;
  readonly listShippedModels: ListShippedModels;
  readonly noiseSearchFactory: NoiseSearchFactory;
  readonly prepare: Prepare;
  readonly quantizeTunes: QuantizeTunes;
  readonly readEvaluatedTunes: ReadEvaluatedTunes;
  readonly readTunes: ReadTunes;
  readonly render: Render;
  readonly renderEvaluationPage: RenderEvaluationPage;
  readonly renderSound: RenderSound;
  readonly train: Train;
  readonly trainingLoop: TrainingLoop;
  readonly writeReport: WriteReport;
}

/** Gives a service of the program and builds it when it is first asked for. */
export type ServiceProvider = <K extends keyof Services>(name: K) => Promise<Services[K]>;
