import { createInlineWorkerPool } from '../../adapters/inline/inline-worker-pool.js';
import { createStandardMidiWriter } from '../../adapters/midi/standard-midi-writer.js';
import { createOnnxModelFormat } from '../../adapters/onnx/model/model-format.js';
import { createReferenceEngine } from '../../adapters/reference/reference-engine.js';
import { createPngEncoder } from '../../adapters/render/png-encoder.js';
import { spessasynth } from '../../adapters/sound/spessasynth.js';
import { createMemoryDatasetStore } from '../../adapters/web/memory-dataset-store.js';
import { createMemoryFileStore, type MemoryFileStore } from '../../adapters/web/memory-file-store.js';
import { createMemoryScoreLibrary } from '../../adapters/web/memory-score-library.js';
import { webCompression } from '../../adapters/web/web-compression.js';
import { webDigest } from '../../adapters/web/web-digest.js';
import { webYieldToEventLoop } from '../../adapters/web/web-event-loop.js';
import { webMachine } from '../../adapters/web/web-machine.js';
import type { Console } from '../../ports/console.js';
import type { GeneratorRuntime } from '../../ports/generator-runtime.js';
import { createNoiseSearchFactory } from '../complete/complete.js';
import { createCompose } from '../compose/compose.js';
import { createEvaluate } from '../evaluate/evaluate.js';
import { createRenderEvaluationPage } from '../evaluate/evaluation-page.js';
import { createReadEvaluatedTunes } from '../evaluate/read-evaluated-tunes.js';
import { createEngineGeneratorRuntime } from '../models/engine-generator-runtime.js';
import { createPrepare } from '../prepare/prepare.js';
import { createQuantizeTunes } from '../prepare/quantize-tunes.js';
import { createFindTunes } from '../tunes/find-tunes.js';
import { createReadTunes } from '../tunes/read-tunes.js';
import { createRender } from '../render/render.js';
import { createRenderSound } from '../sound/render-sound.js';
import { createTuneWriter } from '../tunes/write-tune.js';
import { createEngineRegistry, onCpuOnly } from './engine-registry.js';
import { openScoreReaders } from './score-readers.js';
import type { Services } from './services.js';

export interface WebOptions {
  /** Holds the models and MIDI files that are read, and all that is written; empty when absent. */
  readonly files?: MemoryFileStore;
  /** Told what happens; nobody is when absent. */
  readonly console?: Console;
  /** Stops long work when it is aborted. */
  readonly signal?: AbortSignal;
  /** Runs generators; the reference engine, exact but slow, when absent. */
  readonly runtime?: GeneratorRuntime;
}

/** The services that a browser can have. */
export type WebServices = Pick<
  Services,
  'compose' | 'datasets' | 'digest' | 'evaluate' | 'scoreReaders' | 'midiWriter' | 'modelFormat' | 'prepare'
> & { readonly files: MemoryFileStore };

/** Builds the program in a browser or its worker, on files in memory. Nothing is sent anywhere. */
export function createWebServices(options: WebOptions = {}): WebServices {
  const ports = createWebPorts(options);
  const { files, scoreReaders, midiWriter, modelFormat, digest, datasets, pictures } = ports;
  const scoreLibrary = createMemoryScoreLibrary(files.files);
  const readTunes = createReadTunes({ scoreLibrary, scoreReaders, digest });
  const findTunes = createFindTunes({ scoreLibrary, scoreReaders, readTunes });
  const quantizeTunes = createQuantizeTunes({ readTunes });
  const openQuantizerPool = () => createInlineWorkerPool(quantizeTunes);
  const readEvaluatedTunes = createReadEvaluatedTunes({ ...ports, findTunes });
  const tuneWriter = createTuneWriter({ files, midiWriter, pictures });
  return {
    ...{ files, datasets, digest, scoreReaders, midiWriter, modelFormat },
    compose: createCompose({
      ...ports,
      openTuneWriter: async () => ({ write: (tune) => tuneWriter.write(tune), close: async () => undefined }),
      loadNoiseSearchFactory: async () => createNoiseSearchFactory(ports),
      loadRender: async () => createRender({ ...ports, loadRenderSound: async () => createRenderSound(ports) }),
    }),
    prepare: createPrepare({ ...ports, findTunes, quantizeTunes, openQuantizerPool }),
    evaluate: createEvaluate({
      ...ports,
      readEvaluatedTunes,
      loadRenderEvaluationPage: async () => createRenderEvaluationPage(ports),
    }),
  };
}

function createWebPorts({
  files = createMemoryFileStore(),
  console = SILENT_CONSOLE,
  signal = new AbortController().signal,
  runtime,
}: WebOptions) {
  const digest = webDigest;
  const yieldToEventLoop = webYieldToEventLoop;
  const modelFormat = createOnnxModelFormat({ digest });
  const engines = createEngineRegistry({ reference: onCpuOnly(() => createReferenceEngine(yieldToEventLoop)) });
  return {
    ...{ files, console, signal, digest, yieldToEventLoop, modelFormat, engines },
    datasets: createMemoryDatasetStore({ digest }),
    machine: webMachine,
    synthesizer: spessasynth,
    defaultSoundFont: 'models/soundfont/apollo.sf3', // to be put into the files before sound is asked for
    scoreReaders: openScoreReaders(),
    midiWriter: createStandardMidiWriter(),
    pictures: createPngEncoder({ compression: webCompression }),
    runtime: runtime ?? createEngineGeneratorRuntime({ modelFormat, engines }),
  };
}

const SILENT_CONSOLE: Console = { say: () => undefined, warn: () => undefined, progress: () => undefined };
