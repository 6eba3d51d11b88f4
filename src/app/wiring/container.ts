import { join, relative } from 'node:path';
import type { Container } from 'inversify';
import type { TerminalStream } from '../../ports/console.js';
import type { TuneWriter } from '../../ports/tune-writer.js';
import type { QuantizeTunes } from '../prepare/quantize-tunes.js';
import { createInspectors } from './inspectors.js';
import { DEFAULT_MODEL_FILE } from '../models/shipped-models.js';
import { TOKENS, type ServiceProvider } from './tokens.js';

export { TOKENS };

/** What the program is told from outside. */
export interface ContainerOptions {
  /** Folder of the installed package: its models and page scripts are found there. */
  readonly root: string;
  readonly quiet: boolean;
  /** Where the user is told what happens. */
  readonly terminal: TerminalStream;
  /** Is told of the first signal that asks to stop. */
  onSignal(signal: 'SIGINT' | 'SIGTERM'): void;
}

/**
 * The only file that names an adapter. Read it to see what the program is made of.
 * Each module is loaded when its service is first asked for, so that a command loads what it needs and no more.
 */
export async function buildContainer(settings: ContainerOptions): Promise<Container> {
  const { Container } = await import('inversify'); // not for worker threads: it takes longer than all that they need
  const container = new Container({ defaultScope: 'Singleton' });
  bindAdapters(container, settings);
  bindUseCases(container, settings);
  return container;
}

function bindAdapters(container: Container, settings: ContainerOptions): void {
  container.bind(TOKENS.clock).toDynamicValue(async () => {
    const { monotonicClock } = await import('../../adapters/node-platform/monotonic-clock.js');
    return monotonicClock;
  });
  container.bind(TOKENS.console).toResolvedValue(
    async (clock) => {
      const { createTextConsole: createTextConsole } = await import('../../adapters/console/text-console.js');
      const { quiet, terminal } = settings;
      const color = terminal.isTTY && process.stderr.hasColors() && !process.env['NO_COLOR'];
      return createTextConsole(terminal, { quiet, color, clock });
    },
    [TOKENS.clock],
  );
  container.bind(TOKENS.signal).toDynamicValue(async () => {
    const { createStopSignal } = await import('../../adapters/node-platform/stop-signal.js');
    return createStopSignal(process, (signal) => settings.onSignal(signal));
  });
  container.bind(TOKENS.machine).toDynamicValue(async () => {
    const { thisMachine } = await import('../../adapters/node-platform/this-machine.js');
    return thisMachine;
  });
  container.bind(TOKENS.deviceProbes).toDynamicValue(async () => {
    const { onnxruntimeDeviceProbe } = await import('../../adapters/onnx/session/device-probe.js');
    const { tfjsDeviceProbe } = await import('../../adapters/tfjs/device-probe.js');
    const { referenceDeviceProbe } = await import('../../adapters/reference/device-probe.js');
    return [onnxruntimeDeviceProbe(), tfjsDeviceProbe(), referenceDeviceProbe];
  });
  container.bind(TOKENS.engineRegistry).toDynamicValue(async () => {
    const { createEngineRegistry: createEngineRegistry, onCpuOnly } = await import('./engine-registry.js');
    const { openOnnxruntimeEngine } = await import('../../adapters/onnx/session/onnxruntime-engine.js');
    const { openTfjsEngine } = await import('../../adapters/tfjs/tfjs-engine.js');
    const { createReferenceEngine: createReferenceEngine } =
      await import('../../adapters/reference/reference-engine.js');
    return createEngineRegistry({
      onnxruntime: (request) => openOnnxruntimeEngine(request),
      tfjs: (request) => openTfjsEngine(request),
      reference: onCpuOnly(createReferenceEngine),
    });
  });
  container.bind(TOKENS.openTuneWriter).toConstantValue(async (apart) => {
    if (!apart) return openInlineTuneWriter();
    const { openTuneWriterThread: openTuneWriterThread } =
      await import('../../adapters/node-threads/tune-writer/tune-writer-thread.js');
    return openTuneWriterThread({ module: import.meta.url, exportName: openInlineTuneWriter.name });
  });
  container.bind(TOKENS.batchLoader).toDynamicValue(async () => {
    return (
      await import('../../adapters/node-threads/batch-loader/batch-loader-thread.js')
    ).createThreadedBatchLoader();
  });
  container.bind(TOKENS.fileStore).toDynamicValue(openFileStore);
  container.bind(TOKENS.datasetStore).toDynamicValue(async () => {
    const { createNodeDatasetStore: createNodeDatasetStore } =
      await import('../../adapters/node-files/dataset/node-dataset-store.js');
    return createNodeDatasetStore();
  });
  container.bind(TOKENS.runStore).toDynamicValue(async () => {
    const { createNodeRunStore: createNodeRunStore } = await import('../../adapters/node-files/run/node-run-store.js');
    return createNodeRunStore();
  });
  container.bind(TOKENS.digest).toDynamicValue(loadDigest);
  container.bind(TOKENS.midiLibrary).toDynamicValue(openMidiLibrary);
  container.bind(TOKENS.midiReader).toDynamicValue(openMidiReader);
  container.bind(TOKENS.midiWriter).toDynamicValue(openMidiWriter);
  container.bind(TOKENS.generatorRuntime).toDynamicValue(async () => {
    const { makeGeneratorRuntime } = await import('../../adapters/onnx/session/generator-runtime.js');
    return makeGeneratorRuntime();
  });
  container.bind(TOKENS.modelFormat).toDynamicValue(async () => {
    const { onnxModelFormat } = await import('../../adapters/onnx/model/model-format.js');
    return onnxModelFormat;
  });
  container.bind(TOKENS.pictureEncoder).toDynamicValue(loadPictureEncoder);
  container.bind(TOKENS.openQuantizerPool).toResolvedValue(
    async (cutTunes) => {
      const { createInlineWorkerPool: createInlineWorkerPool } =
        await import('../../adapters/node-threads/worker-pool/inline-worker-pool.js');
      const { createWorkerThreadPool: createWorkerThreadPool } =
        await import('../../adapters/node-threads/worker-pool/worker-thread-pool.js');
      const start = { module: import.meta.url, makeTask: createQuantizeTask.name };
      return (workers) =>
        workers < 2 ? createInlineWorkerPool(cutTunes) : createWorkerThreadPool({ ...start, workers });
    },
    [TOKENS.quantizeTunes],
  );
  container.bind(TOKENS.synthesizer).toDynamicValue(async () => {
    const { spessasynth } = await import('../../adapters/sound/spessasynth.js');
    return spessasynth;
  });
}

const openFileStore = async () => (await import('../../adapters/node-files/node-file-store.js')).createNodeFileStore();
const openMidiLibrary = async () =>
  (await import('../../adapters/node-files/node-midi-library.js')).createNodeMidiLibrary();
const openMidiReader = async () =>
  (await import('../../adapters/midi/standard-midi-reader.js')).createStandardMidiReader();
const openMidiWriter = async () =>
  (await import('../../adapters/midi/standard-midi-writer.js')).createStandardMidiWriter();
const loadPictureEncoder = async () => (await import('../../adapters/render/png-encoder.js')).pngEncoder;
const loadDigest = async () => (await import('../../adapters/node-platform/sha256.js')).sha256;

/** With adapters of its own: for this thread, and for one that only engraves. */
export async function openInlineTuneWriter(): Promise<TuneWriter> {
  const [{ createTuneWriter: createTuneWriter }, files, midiWriter, pictures] = await Promise.all([
    import('../tunes/write-tune.js'),
    ...([openFileStore(), openMidiWriter(), loadPictureEncoder()] as const),
  ]);
  return createTuneWriter({ files, midiWriter, pictures });
}

/** What a worker thread does, with adapters of its own. */
export async function createQuantizeTask(): Promise<QuantizeTunes> {
  const { createReadTunes: createReadTunes } = await import('../tunes/read-tunes.js');
  const { createQuantizeTunes: createQuantizeTunes } = await import('../prepare/quantize-tunes.js');
  return createQuantizeTunes(createReadTunes(await openMidiLibrary(), await openMidiReader(), await loadDigest()));
}

function bindUseCases(container: Container, { root }: ContainerOptions): void {
  /** The trained models of the package, as a path that a user would type when it is short. */
  const modelsFolder = shorterPath(join(root, 'models'));
  const services: ServiceProvider = (token) => container.getAsync(token);
  container.bind(TOKENS.defaultModel).toConstantValue(join(modelsFolder, DEFAULT_MODEL_FILE));
  container.bind(TOKENS.compose).toResolvedValue(
    async (files, runtime, openTuneWriter, console, signal) => {
      const { createCompose: createCompose } = await import('../compose/compose.js');
      const loadNoiseSearchFactory = () => container.getAsync(TOKENS.noiseSearchFactory);
      return createCompose({ files, runtime, openTuneWriter, console, signal, loadNoiseSearchFactory });
    },
    [TOKENS.fileStore, TOKENS.generatorRuntime, TOKENS.openTuneWriter, TOKENS.console, TOKENS.signal],
  );
  container.bind(TOKENS.noiseSearchFactory).toDynamicValue(async () => {
    const { resolveNoiseSearchFactory: resolveNoiseSearchFactory } = await import('./tune-search.js');
    return resolveNoiseSearchFactory(services);
  });
  container.bind(TOKENS.inspectModel).toResolvedValue(
    async (files, format) => {
      const { createInspectModel: createInspectModel } = await import('../inspect/inspect-model.js');
      return createInspectModel(files, format);
    },
    [TOKENS.fileStore, TOKENS.modelFormat],
  );
  container
    .bind(TOKENS.findTunes)
    .toDynamicValue(async () => (await import('./preparing.js')).resolveFindTunes(services));
  container
    .bind(TOKENS.quantizeTunes)
    .toDynamicValue(async () => (await import('./preparing.js')).resolveQuantizeTunes(services));
  container.bind(TOKENS.prepare).toDynamicValue(async () => (await import('./preparing.js')).resolvePrepare(services));
  container
    .bind(TOKENS.readEvaluatedTunes)
    .toDynamicValue(async () => (await import('./evaluating.js')).resolveReadEvaluatedTunes(services));
  container
    .bind(TOKENS.evaluate)
    .toDynamicValue(async () => (await import('./evaluating.js')).resolveEvaluate(services));
  container.bind(TOKENS.inspectDataset).toResolvedValue(
    async (store) => {
      const { createInspectDataset: createInspectDataset } = await import('../inspect/inspect-dataset.js');
      return createInspectDataset(store);
    },
    [TOKENS.datasetStore],
  );
  container.bind(TOKENS.inspectRun).toResolvedValue(
    async (store) => {
      const { createInspectRun: createInspectRun } = await import('../inspect/inspect-run.js');
      return createInspectRun(store);
    },
    [TOKENS.runStore],
  );
  container.bind(TOKENS.export).toResolvedValue(
    async (runs, files, modelFormat, runtime, engines, console) => {
      const { createExport: createExport } = await import('../export/export.js');
      return createExport({ runs, files, modelFormat, runtime, engines, console });
    },
    [
      TOKENS.runStore,
      TOKENS.fileStore,
      TOKENS.modelFormat,
      TOKENS.generatorRuntime,
      TOKENS.engineRegistry,
      TOKENS.console,
    ],
  );
  container.bind(TOKENS.inspect).toResolvedValue(
    async (files) => {
      const { createInspect: createInspect } = await import('../inspect/inspect.js');
      return createInspect(files, createInspectors(services));
    },
    [TOKENS.fileStore],
  );
  container.bind(TOKENS.inspectMidi).toResolvedValue(
    async (...ports) => {
      const { createInspectMidi: createInspectMidi } = await import('../inspect/inspect-midi.js');
      return createInspectMidi(...ports);
    },
    [TOKENS.fileStore, TOKENS.midiReader],
  );
  container.bind(TOKENS.doctor).toResolvedValue(
    async (...ports) => {
      const { createDoctor: createDoctor } = await import('../doctor/doctor.js');
      return createDoctor(...ports);
    },
    [TOKENS.machine, TOKENS.deviceProbes, TOKENS.checkShippedModel, TOKENS.clock],
  );
  container.bind(TOKENS.listModels).toResolvedValue(
    async (...ports) => {
      const { createListModels: createListModels } = await import('../models/list-models.js');
      return createListModels(...ports);
    },
    [TOKENS.listShippedModels],
  );
  container.bind(TOKENS.listShippedModels).toResolvedValue(
    async (files, format) => {
      const { createListShippedModels: createListShippedModels } = await import('../models/shipped-models.js');
      return createListShippedModels(files, format, modelsFolder);
    },
    [TOKENS.fileStore, TOKENS.modelFormat],
  );
  container.bind(TOKENS.checkShippedModel).toResolvedValue(
    async (...ports) => {
      const { createCheckShippedModel: createCheckShippedModel } = await import('../models/shipped-models.js');
      return createCheckShippedModel(...ports);
    },
    [TOKENS.fileStore, TOKENS.generatorRuntime, TOKENS.defaultModel],
  );
  container.bind(TOKENS.drawSamples).toResolvedValue(
    async (midi, pictures) => {
      const { createDrawSamples: createDrawSamples } = await import('../train/training-samples.js');
      return createDrawSamples(midi, pictures);
    },
    [TOKENS.midiWriter, TOKENS.pictureEncoder],
  );
  container.bind(TOKENS.renderSound).toResolvedValue(
    async (files, synthesizer, digest, console, signal) => {
      const { createRenderSound: createRenderSound } = await import('../sound/render-sound.js');
      const defaultSoundFont = join(modelsFolder, 'soundfont', 'apollo.sf3');
      return createRenderSound({ files, synthesizer, digest, console, signal, defaultSoundFont });
    },
    [TOKENS.fileStore, TOKENS.synthesizer, TOKENS.digest, TOKENS.console, TOKENS.signal],
  );
  container.bind(TOKENS.render).toResolvedValue(
    async (files, midiReader, pictures) => {
      const { createRender: createRender } = await import('../render/render.js');
      return createRender({
        files,
        midiReader,
        pictures,
        loadRenderSound: () => container.getAsync(TOKENS.renderSound),
      });
    },
    [TOKENS.fileStore, TOKENS.midiReader, TOKENS.pictureEncoder],
  );
  container.bind(TOKENS.writeReport).toResolvedValue(
    async (files, midiReader, midiWriter, pictures, runs) => {
      const { createWriteReport: createWriteReport } = await import('../report/write-report.js');
      return createWriteReport({
        files,
        midiReader,
        midiWriter,
        pictures,
        runs,
        pageFolder: join(root, 'dist', 'page'),
      });
    },
    [TOKENS.fileStore, TOKENS.midiReader, TOKENS.midiWriter, TOKENS.pictureEncoder, TOKENS.runStore],
  );
  container.bind(TOKENS.trainingLoop).toResolvedValue(
    async (...parts) => {
      const { createTrainingLoop: createTrainingLoop } = await import('../train/training-loop.js');
      return createTrainingLoop(...parts);
    },
    [TOKENS.drawSamples, TOKENS.batchLoader, TOKENS.console, TOKENS.signal],
  );
  container.bind(TOKENS.train).toResolvedValue(
    async (...parts) => {
      const { createTrain: createTrain } = await import('../train/train.js');
      return createTrain(...parts);
    },
    [TOKENS.datasetStore, TOKENS.runStore, TOKENS.engineRegistry, TOKENS.trainingLoop, TOKENS.console],
  );
}

function shorterPath(path: string): string {
  const fromHere = relative('', path);
  return fromHere.startsWith('..') || fromHere === '' ? path : fromHere;
}
