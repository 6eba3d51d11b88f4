import { join } from 'node:path';
import { DEFAULT_MODEL_FILE } from '../models/shipped-models.js';
import { openScoreReaders } from './score-readers.js';
import { shorterPath } from './shorter-path.js';
import { provide, type ProviderTable } from './provider.js';

/**
 * The providers of all services, each with its dependencies. Only this folder names adapters.
 * Each row imports its module when the service is built, so that a command loads no more than it needs.
 */
export const PROVIDERS: ProviderTable = {
  modelsFolder: provide(['options'], ({ options }) => shorterPath(join(options.root, 'models'))),
  defaultModel: provide(['modelsFolder'], ({ modelsFolder }) => join(modelsFolder, DEFAULT_MODEL_FILE)),
  defaultSoundFont: provide(['modelsFolder'], ({ modelsFolder }) => join(modelsFolder, 'soundfont', 'apollo.sf3')),
  pageFolder: provide(['options'], ({ options }) => join(options.root, 'dist', 'page')),

  batchLoader: provide([], async () =>
    (await import('../../adapters/node-threads/batch-loader/batch-loader-thread.js')).createThreadedBatchLoader(),
  ),
  clock: provide([], async () => (await import('../../adapters/node-platform/monotonic-clock.js')).monotonicClock),
  compression: provide(
    [],
    async () => (await import('../../adapters/node-platform/zlib-compression.js')).zlibCompression,
  ),
  console: provide(['options', 'clock'], async ({ options, clock }) =>
    (await import('../../adapters/console/text-console.js')).createTextConsole(options.terminal, { ...options, clock }),
  ),
  datasets: provide([], async () =>
    (await import('../../adapters/node-files/dataset/node-dataset-store.js')).createNodeDatasetStore(),
  ),
  deviceProbes: provide([], async () => (await import('./engines.js')).openDeviceProbes()),
  digest: provide([], async () => (await import('../../adapters/node-platform/sha256.js')).sha256),
  engines: provide([], async () => (await import('./engines.js')).openEngineRegistry()),
  files: provide([], async () => (await import('../../adapters/node-files/node-file-store.js')).createNodeFileStore()),
  machine: provide([], async () => (await import('../../adapters/node-platform/this-machine.js')).thisMachine),
  scoreLibrary: provide([], async () =>
    (await import('../../adapters/node-files/node-score-library.js')).createNodeScoreLibrary(),
  ),
  midiWriter: provide([], async () =>
    (await import('../../adapters/midi/standard-midi-writer.js')).createStandardMidiWriter(),
  ),
  modelFormat: provide(['digest'], async (parts) =>
    (await import('../../adapters/onnx/model/model-format.js')).createOnnxModelFormat(parts),
  ),
  openQuantizerPool: provide(['quantizeTunes'], async (parts) => (await import('./threads.js')).quantizerPools(parts)),
  openTuneWriter: provide([], async () => (await import('./threads.js')).openTuneWriter),
  pictures: provide(['compression'], async (parts) =>
    (await import('../../adapters/render/png-encoder.js')).createPngEncoder(parts),
  ),
  runs: provide([], async () => (await import('../../adapters/node-files/run/node-run-store.js')).createNodeRunStore()),
  runtime: provide(['digest'], async (parts) =>
    (await import('../../adapters/onnx/session/generator-runtime.js')).createGeneratorRuntime(parts),
  ),
  scoreReaders: provide([], openScoreReaders),
  signal: provide(['options'], async ({ options }) =>
    (await import('../../adapters/node-platform/stop-signal.js')).createStopSignal(process, options.onSignal),
  ),
  synthesizer: provide([], async () => (await import('../../adapters/sound/spessasynth.js')).spessasynth),
  yieldToEventLoop: provide(
    [],
    async () => (await import('../../adapters/node-platform/yield-to-event-loop.js')).yieldToEventLoop,
  ),

  checkShippedModel: provide(['files', 'runtime', 'defaultModel'], async (parts) =>
    (await import('../models/shipped-models.js')).createCheckShippedModel(parts),
  ),
  compose: provide(
    ['files', 'runtime', 'openTuneWriter', 'console', 'signal', 'loadNoiseSearchFactory', 'loadRender'],
    async (parts) => (await import('../compose/compose.js')).createCompose(parts),
  ),
  doctor: provide(['machine', 'deviceProbes', 'checkShippedModel', 'clock'], async (parts) =>
    (await import('../doctor/doctor.js')).createDoctor(parts),
  ),
  drawSamples: provide(['midiWriter', 'pictures'], async (parts) =>
    (await import('../train/training-samples.js')).createDrawSamples(parts),
  ),
  evaluate: provide(
    ['readEvaluatedTunes', 'datasets', 'files', 'console', 'signal', 'yieldToEventLoop', 'loadRenderEvaluationPage'],
    async (parts) => (await import('../evaluate/evaluate.js')).createEvaluate(parts),
  ),
  export: provide(['runs', 'files', 'modelFormat', 'runtime', 'engines', 'console'], async (parts) =>
    (await import('../export/export.js')).createExport(parts),
  ),
  findTunes: provide(['scoreLibrary', 'scoreReaders', 'readTunes'], async (parts) =>
    (await import('../tunes/find-tunes.js')).createFindTunes(parts),
  ),
  inspect: provide(
    ['files', 'scoreReaders', 'loadInspectMidi', 'loadInspectDataset', 'loadInspectRun', 'loadInspectModel'],
    async (parts) => (await import('../inspect/inspect.js')).createInspect(parts),
  ),
  inspectDataset: provide(['datasets'], async (parts) =>
    (await import('../inspect/inspect-dataset.js')).createInspectDataset(parts),
  ),
  inspectMidi: provide(['files', 'scoreReaders'], async (parts) =>
    (await import('../inspect/inspect-midi.js')).createInspectMidi(parts),
  ),
  inspectModel: provide(['files', 'modelFormat'], async (parts) =>
    (await import('../inspect/inspect-model.js')).createInspectModel(parts),
  ),
  inspectRun: provide(['runs'], async (parts) => (await import('../inspect/inspect-run.js')).createInspectRun(parts)),
  listModels: provide(['listShippedModels'], async (parts) =>
    (await import('../models/models.js')).createListModels(parts),
  ),
  listShippedModels: provide(['files', 'modelFormat', 'modelsFolder'], async (parts) =>
    (await import('../models/shipped-models.js')).createListShippedModels(parts),
  ),
  noiseSearchFactory: provide(
    ['files', 'scoreReaders', 'modelFormat', 'engines', 'machine', 'console', 'signal'],
    async (parts) => (await import('../complete/complete.js')).createNoiseSearchFactory(parts),
  ),
  prepare: provide(
    ['findTunes', 'quantizeTunes', 'openQuantizerPool', 'machine', 'datasets', 'console', 'signal'],
    async (parts) => (await import('../prepare/prepare.js')).createPrepare(parts),
  ),
  quantizeTunes: provide(['readTunes'], async (parts) =>
    (await import('../prepare/quantize-tunes.js')).createQuantizeTunes(parts),
  ),
  readEvaluatedTunes: provide(
    ['files', 'scoreReaders', 'findTunes', 'datasets', 'runtime', 'console', 'signal', 'yieldToEventLoop'],
    async (parts) => (await import('../evaluate/read-evaluated-tunes.js')).createReadEvaluatedTunes(parts),
  ),
  readTunes: provide(['scoreLibrary', 'scoreReaders', 'digest'], async (parts) =>
    (await import('../tunes/read-tunes.js')).createReadTunes(parts),
  ),
  render: provide(['files', 'scoreReaders', 'pictures', 'loadRenderSound'], async (parts) =>
    (await import('../render/render.js')).createRender(parts),
  ),
  renderEvaluationPage: provide(['pictures', 'console', 'signal', 'yieldToEventLoop'], async (parts) =>
    (await import('../evaluate/evaluation-page.js')).createRenderEvaluationPage(parts),
  ),
  renderSound: provide(
    ['files', 'synthesizer', 'digest', 'console', 'signal', 'yieldToEventLoop', 'defaultSoundFont'],
    async (parts) => (await import('../sound/render-sound.js')).createRenderSound(parts),
  ),
  train: provide(['datasets', 'runs', 'engines', 'machine', 'trainingLoop', 'console'], async (parts) =>
    (await import('../train/train.js')).createTrain(parts),
  ),
  trainingLoop: provide(['drawSamples', 'batchLoader', 'console', 'signal'], async (parts) =>
    (await import('../train/training-loop.js')).createTrainingLoop(parts),
  ),
  writeReport: provide(['files', 'scoreReaders', 'midiWriter', 'pictures', 'runs', 'pageFolder'], async (parts) =>
    (await import('../report/report.js')).createWriteReport(parts),
  ),
};
