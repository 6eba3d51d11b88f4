import { beforeEach, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/adapters/node-platform/sha256.js';
import { createStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import { createStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import { describeEvaluation } from '../../../src/app/evaluate/describe.js';
import { yieldToEventLoop } from '../../../src/adapters/node-platform/yield-to-event-loop.js';
import { createEvaluate, type EvaluateRequest } from '../../../src/app/evaluate/evaluate.js';
import type { EvaluateResult } from '../../../src/app/evaluate/evaluation-result.js';
import { createReadEvaluatedTunes } from '../../../src/app/evaluate/read-evaluated-tunes.js';
import { createRenderEvaluationPage } from '../../../src/app/evaluate/evaluation-page.js';
import { createTuneWriter } from '../../../src/app/tunes/write-tune.js';
import { createCompose } from '../../../src/app/compose/compose.js';
import { createPrepare } from '../../../src/app/prepare/prepare.js';
import {
  AlreadyExistsError,
  DamagedFileError,
  FileAccessError,
  InterruptedError,
  UnusableSourcesError,
  UsageError,
} from '../../../src/domain/errors.js';
import { FEATURES } from '../../../src/domain/evaluation/features/feature-extraction.js';
import { composeDemoTune } from '../../../src/domain/demo/tune-composer.js';
import type { RollFormat } from '../../../src/domain/roll/roll-format.js';
import { randomStream } from '../../../src/domain/random.js';
import { prepareParts } from '../../support/prepare-parts.js';
import { SMALL_FORMAT } from '../../support/evaluation/drawn-roll.js';
import { formulaGeneratorRuntime } from '../../support/fakes/formula-generator-runtime.js';
import { jsonModelFormat } from '../../support/fakes/json-model-format.js';
import { createMemoryDatasetStore } from '../../../src/adapters/web/memory-dataset-store.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { createMemoryScoreLibrary } from '../../../src/adapters/web/memory-score-library.js';
import { plainPictureEncoder } from '../../support/fakes/plain-picture-encoder.js';
import { recordingConsole } from '../../support/fakes/recording-console.js';
import { tinyProbabilities, tinyGenerator, tinyMetadata } from '../../support/model/tiny-generator.js';
import { scoreReadersOf } from '../../support/midi/score-readers-of.js';

const FORMAT: RollFormat = { ...SMALL_FORMAT, lowestPitch: 40, pitches: 48, columns: 64 };
const DEFAULT_SAMPLING = { count: undefined, seed: undefined, threshold: undefined, device: undefined };

describe('evaluate', () => {
  let files: ReturnType<typeof createMemoryFileStore>;
  let console: ReturnType<typeof recordingConsole>;
  let stop: AbortController;

  let midi: Map<string, Uint8Array>;
  let runtime: ReturnType<typeof formulaGeneratorRuntime>;
  let evaluate: (changes?: Partial<EvaluateRequest>) => Promise<EvaluateResult>;
  let prepare: (out: string, tunes: number, seed: number, format?: RollFormat) => Promise<unknown>;

  beforeEach(() => {
    files = createMemoryFileStore(['midi', 'empty', 'two', 'out']);
    console = recordingConsole();
    stop = new AbortController();
    midi = new Map();
    runtime = formulaGeneratorRuntime(tinyProbabilities);
    const datasets = createMemoryDatasetStore({ digest: sha256 });
    const parts = prepareParts(createMemoryScoreLibrary(midi, ['empty']), createStandardMidiReader(), sha256);
    const { findTunes } = parts;
    const readEvaluatedTunes = createReadEvaluatedTunes({
      files,
      scoreReaders: scoreReadersOf(),
      findTunes,
      datasets,
      runtime,
      console,
      signal: stop.signal,
      yieldToEventLoop,
    });
    const loadRenderEvaluationPage = async () =>
      createRenderEvaluationPage({ pictures: plainPictureEncoder, console, signal: stop.signal, yieldToEventLoop });
    const run = createEvaluate({
      readEvaluatedTunes,
      datasets,
      files,
      console,
      signal: stop.signal,
      yieldToEventLoop,
      loadRenderEvaluationPage,
    });
    evaluate = (changes = {}) =>
      run({ path: 'own', against: 'real', sampling: DEFAULT_SAMPLING, report: undefined, replace: false, ...changes });
    prepare = async (out, tunes, seed, format = FORMAT) => {
      const preparation = { windows: 'all', layback: 1, transpose: { from: 0, to: 0 }, fold: true } as const;
      const request = { input: { kind: 'demo', tunes, seed }, out, format, preparation } as const;
      await createPrepare({ ...parts, datasets, console, signal: new AbortController().signal })({
        ...request,
        ...{ replace: true, strict: false, limitBytes: 1 },
      });
      files.files.set(`${out}/dataset.json`, new Uint8Array()); // marks the folder as a dataset
    };
  });
  const failure = (changes: Partial<EvaluateRequest>): Promise<unknown> =>
    evaluate(changes).catch((error: unknown) => error);

  it('gives tunes of the same composer good distances, as good as those of other tunes of the dataset', async () => {
    await prepare('real', 60, 1);
    await prepare('own', 30, 2);
    const result = await evaluate();
    expect(result).toMatchObject({
      ...{
        kind: 'dataset',
        description: '30 tunes of the dataset own',
        against: 'real',
        notices: [expect.stringContaining('few')],
      },
      tunes: { evaluated: 30, reference: 30, realTunes: 30 },
      guards: { evaluated: { blank: 0, copies: 0 } },
    });
    for (const set of ['evaluated', 'realTunes'] as const) {
      const { nearestNeighbourAccuracy, frechet, overlap } = result.distances[set];
      expect(Math.abs(nearestNeighbourAccuracy - 0.5)).toBeLessThan(0.2);
      expect(frechet).toBeLessThan(15);
      expect(overlap).toBeGreaterThan(0.6);
    }
    expect(result.features.map(({ name }) => name)).toEqual(FEATURES.map(({ name }) => name));
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(await evaluate()).toEqual(result);
  });

  it('detects a set that repeats one tune of the dataset', async () => {
    await prepare('real', 12, 1);
    const one = createStandardMidiWriter().write(composeDemoTune(randomStream(1, 'tunes', 0)));
    for (const name of 'abcdef') midi.set(`midi/${name}.mid`, one);
    midi.set('midi/broken.mid', Uint8Array.of(1, 2, 3));
    const { guards, distances, notices, description } = await evaluate({ path: 'midi' });
    expect(description).toBe('6 tunes of midi');
    expect(guards.evaluated.copies).toBe(1);
    expect(guards.evaluated.distinct).toBeLessThanOrEqual(0.5); // its windows may differ
    expect(distances.evaluated.nearestNeighbourAccuracy).toBeGreaterThan(0.6);
    expect(notices[0]).toMatch(/^left out.*broken\.mid: /);
  });

  it('evaluates a model as it evaluates the MIDI files that compose writes, blank ones included', async () => {
    await prepare('real', 12, 1, tinyMetadata.rollFormat);
    const model = await jsonModelFormat.encodeGenerator(tinyGenerator(), tinyMetadata);
    files.files.set('tiny.onnx', model);
    const threshold = 0.85;
    const sampling = { ...DEFAULT_SAMPLING, count: 20, seed: 5, threshold };
    const composed = await evaluate({ path: 'tiny.onnx', sampling });
    expect(composed.description).toBe('20 tunes composed by tiny.onnx, seed 5, threshold 0.85');
    expect(runtime.released).toBe(1);
    const compose = createCompose({
      files,
      runtime,
      openTuneWriter: async () =>
        createTuneWriter({ files, midiWriter: createStandardMidiWriter(), pictures: plainPictureEncoder }),
      console,
      signal: stop.signal,
      loadRender: () => Promise.reject(new Error('no sound is asked for')),
      loadNoiseSearchFactory: () => Promise.reject(new Error('no tune is searched for')),
    });
    await compose({
      model: 'tiny.onnx',
      count: 20,
      seed: 5,
      threshold,
      out: 'out',
      device: 'auto',
      replace: false,
      qpm: 120,
      program: 0,
    });
    for (const [path, bytes] of files.files) if (path.endsWith('.mid')) midi.set(path, bytes);
    const { features, distances, guards } = await evaluate({ path: 'out' });
    expect({ features, distances, guards }).toEqual({
      features: composed.features,
      distances: composed.distances,
      guards: composed.guards,
    });
    expect(guards.evaluated.blank).toBeGreaterThan(0);
    expect(guards.evaluated.blank).toBeLessThan(1);
  });

  it('quantizes rolls of another format again', async () => {
    await prepare('real', 12, 1);
    await prepare('own', 12, 1, {
      ...FORMAT,
      channels: [
        { voice: 'melody', kind: 'sustain' },
        { voice: 'chords', kind: 'sustain' },
      ],
    });
    const { notices, guards } = await evaluate();
    expect(notices[0]).toContain('another format');
    expect(guards.evaluated.copies).toBe(1);
  });

  it('writes a self-contained report without scripts', async () => {
    await prepare('real', 12, 1);
    await prepare('own', 8, 2);
    const result = await evaluate({ report: 'pages/r.html' });
    const text = Buffer.from(files.files.get('pages/r.html')!).toString();
    expect(text).not.toMatch(/https?:|<script|src="(?!data:)|url\(|@import|<link(?! rel="icon" href="data:)/);
    expect([...text.matchAll(/<img\s+src="data:image\/png;base64,/g)]).toHaveLength(16);
    for (const { name } of FEATURES) expect(text).toContain(`<figcaption>${name}</figcaption>`);
    expect(text).toContain('demo-0000');
    expect(describeEvaluation(result).at(-1)).toBe('the report is in pages/r.html');
    expect(await failure({ report: 'pages/r.html' })).toBeInstanceOf(AlreadyExistsError);
    await evaluate({ report: 'pages/r.html', replace: true });
    expect(Buffer.from(files.files.get('pages/r.html')!).toString()).toBe(text);
  });

  it('refuses what cannot be compared, with a clear message', async () => {
    await prepare('real', 12, 1);
    await prepare('small', 3, 1);
    await prepare('own', 1, 1);
    files.files.set('run/run.json', new Uint8Array());
    files.files.set('odd.bin', Uint8Array.of(1, 2, 3));
    const messageOf = async (
      changes: Partial<EvaluateRequest>,
      kind: new (message: string) => Error,
    ): Promise<string> => {
      const error = await failure(changes);
      expect(error).toBeInstanceOf(kind);
      return (error as Error).message;
    };
    expect(await messageOf({}, UnusableSourcesError)).toBe(
      'there is only 1 tune to evaluate in own; distances need 2 or more',
    );
    expect(await messageOf({ against: 'small' }, UnusableSourcesError)).toMatch(
      /holds 3 tunes; a comparison needs 4 or more/,
    );
    expect(await messageOf({ path: 'empty' }, UnusableSourcesError)).toContain('no MIDI file');
    expect(await messageOf({ path: 'nowhere' }, FileAccessError)).toContain('nowhere');
    expect(await messageOf({ against: 'nowhere' }, FileAccessError)).toContain('nowhere');
    expect(await messageOf({ path: 'run' }, UsageError)).toContain('apollo export');
    expect(await messageOf({ path: 'real', sampling: { ...DEFAULT_SAMPLING, seed: 3 } }, UsageError)).toContain(
      '--seed is for models',
    );
    expect(await messageOf({ path: 'odd.bin' }, DamagedFileError)).toContain('odd.bin is neither');
  });

  it('stops when it is aborted, and writes nothing', async () => {
    await prepare('real', 12, 1);
    await prepare('own', 8, 2);
    stop.abort();
    expect(await failure({ report: 'r.html' })).toBeInstanceOf(InterruptedError);
    expect(files.files.has('r.html')).toBe(false);
  });
});
