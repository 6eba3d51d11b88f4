import {
  AlreadyExistsError,
  DamagedFileError,
  EngineError,
  InterruptedError,
  UsageError,
} from '../../domain/errors.js';
import { checkComposeOptions, type ComposeOptions } from '../../domain/composing/compose-options.js';
import { MODEL_BYTES_LIMIT } from '../../domain/model/model-metadata.js';
import { findKey } from '../../domain/roll/key-finding.js';
import { keyName } from '../../domain/music/tonal-key.js';
import { blankRoll } from '../../domain/roll/piano-roll.js';
import { scoreFromRoll } from '../../domain/roll/score-from-roll.js';
import type { ThemeName } from '../../domain/render/theme.js';
import { drawTerminalRoll, type TerminalRollOptions } from '../../domain/render/terminal-roll.js';
import type { Console } from '../../ports/console.js';
import type { TuneWriter, TuneFacts, TuneToWrite } from '../../ports/tune-writer.js';
import type { FileStore } from '../../ports/file-store.js';
import type { Generator, GeneratorRuntime } from '../../ports/generator-runtime.js';
import type { NoiseSearchFactory } from '../complete/complete.js';
import { openTuneSampler, type TuneSampler } from './tune-sampler.js';
import { scoreOptions } from '../tunes/tune-facts.js';
import { tuneFiles } from '../tunes/tune-files.js';

export interface ComposeRequest extends ComposeOptions {
  /** Path of the model file. */
  readonly model: string;
  /** 1..1,000,000 */
  readonly count: number;
  /** 0..2^53-1; equal seeds give equal files. */
  readonly seed: number;
  /** Certainty from which a cell sounds, 0..1; by default what the model says. */
  readonly threshold?: number | undefined;
  /** Folder of the tunes; made when it is not there. */
  readonly out: string;
  /** `auto`, `cpu`, `cuda`, ... */
  readonly device: string;
  /** Whether files that stand in the way give way. */
  readonly replace: boolean;
  /** Quarter notes a minute. */
  readonly qpm: number;
  /** General MIDI program, 0..127; by default what suits each voice (see scoreFromRoll). */
  readonly program: number | undefined;
  /** How to draw; the usual way when absent. */
  readonly picture?: { readonly scale?: number | undefined; readonly theme?: ThemeName | undefined } | undefined;
  /** Whether to draw the certainty of each tune's cells as well. */
  readonly weights?: boolean | undefined;
  /** Whether sound will be made of the tunes: its files must not stand there either. */
  readonly sound?: boolean | undefined;
  /** How to draw the first tune as text, or not at all. */
  readonly showFirst?: TerminalRollOptions | undefined;
}

/** One tune that was written. */
export interface ComposedTune extends TuneFacts {
  /** From 1. Tune i of a seed is the same whatever the count. */
  readonly index: number;
  /** `Am`: the key it sounds in most; null for a blank tune. */
  readonly key: string | null;
  readonly midi: string;
  readonly picture: string;
  /** null when it was not asked for. */
  readonly weights: string | null;
}

export interface ComposeResult {
  readonly model: string;
  readonly architecture: string;
  readonly depth: number;
  readonly device: string;
  readonly seed: number;
  /** What they were drawn from: `seed 7`. */
  readonly source: string;
  /** How near the model came to the tune that they are like: intersection over union, 0..1; null without one. */
  readonly likeness: number | null;
  readonly threshold: number;
  readonly out: string;
  readonly tunes: readonly ComposedTune[];
  /** The first tune as lines of text; empty when it was not asked for. */
  readonly drawing: readonly string[];
}

/** @param apart in a thread of its own, beside a model that runs in this one */
export type OpenTuneWriter = (apart: boolean) => Promise<TuneWriter>;

export type Compose = (request: ComposeRequest) => Promise<ComposeResult>;

export interface ComposePorts {
  readonly files: FileStore;
  readonly runtime: GeneratorRuntime;
  readonly openTuneWriter: OpenTuneWriter;
  readonly console: Console;
  readonly signal: AbortSignal;
  /** For ways to compose that begin with a tune. */
  readonly loadNoiseSearchFactory: () => Promise<NoiseSearchFactory>;
}

/** Noise to tunes: a MIDI file and a picture each. Nothing is written unless the request and the model are good. */
export const createCompose =
  (ports: ComposePorts): Compose =>
  async (request) => {
    checkRequest(request);
    const { files, runtime, console } = ports;
    const model = await files.read(request.model, MODEL_BYTES_LIMIT);
    if (!request.replace) await refuseExistingFiles(files, request);
    const isMany = request.count >= MIN_TUNES_FOR_THREAD;
    const tuneWriter = await ports.openTuneWriter(isMany);
    try {
      const generator = await withPathInError(request.model, () => runtime.load(model, request.device, isMany ? 1 : 0));
      try {
        if (generator.notice !== '') console.warn(generator.notice);
        const source = await withPathInError(request.model, () =>
          openTuneSampler(generator, model, request, ports.loadNoiseSearchFactory),
        );
        try {
          return await composeAll({ generator, source, request, ports, tuneWriter });
        } finally {
          await source.release();
        }
      } finally {
        await generator.release();
      }
    } finally {
      await tuneWriter.close();
    }
  };

/**
 * Tunes for which an engraver of its own thread pays, which takes as long to start as thirty to write. The model leaves a core to it: with
 * both on two cores, two threads of the model and one of the engraver took half as long again.
 */
const MIN_TUNES_FOR_THREAD = 48;
/** Tunes that are written down at the same time, so that memory does not grow with the count: a disk's answer takes longer than composing. */
const MAX_CONCURRENT_WRITES = 16;
const MAX_TUNES = 1_000_000;

async function composeAll(composing: ComposeContext): Promise<ComposeResult> {
  const { generator, source, request } = composing;
  const { model, seed, out } = request;
  const { architecture, depth, threshold: usual, rollFormat } = generator.metadata;
  // What the request asks of the scores is checked before the first file is written.
  scoreFromRoll(blankRoll(rollFormat), scoreOptions(request, rollFormat));
  const { tunes, drawing } = await composeEach(composing);
  return {
    ...{ model, architecture, depth, device: generator.device, seed, out, tunes, drawing },
    source: source.source,
    likeness: source.likeness,
    threshold: request.threshold ?? usual,
  };
}

interface ComposeContext {
  readonly generator: Generator;
  readonly source: TuneSampler;
  readonly request: ComposeRequest;
  readonly ports: ComposePorts;
  readonly tuneWriter: TuneWriter;
}

/** Draws one tune after the other while those before it are written down. */
async function composeEach({ generator, source, request, ports, tuneWriter }: ComposeContext) {
  const { model, count, out, showFirst } = request;
  const { architecture, depth } = generator.metadata;
  const tunes: ComposedTune[] = [];
  let drawing: readonly string[] = [];
  let done = 0;
  let failure: { readonly cause: unknown } | undefined;
  const underWay: Promise<void>[] = [];
  for (let index = 1; index <= count && failure === undefined; index++) {
    if (ports.signal.aborted) {
      await Promise.all(underWay);
      throw new InterruptedError(`composing was stopped after ${done} of ${count} tunes; those are in ${out}`);
    }
    const { roll, probabilities } = await withPathInError(model, () => source.draw(index));
    const key = findKey(roll);
    if (request.key !== undefined && key !== undefined && keyName(key) !== keyName(request.key)) {
      ports.console.warn(`tune ${index} sounds more like ${keyName(key)} than ${keyName(request.key)}`);
    }
    if (index === 1 && showFirst !== undefined) drawing = drawTerminalRoll(roll, showFirst);
    const { midi, picture, weights: path } = tuneFiles(out, count, index);
    const weights = request.weights && probabilities !== undefined ? { probabilities, path } : undefined;
    const tune: TuneToWrite = {
      ...{ format: roll.format, cells: roll.cells, midi, picture, weights },
      title: `${architecture} depth ${depth}, ${source.title(index)}`,
      ...{ qpm: request.qpm, program: request.program, key: request.key, appearance: { ...request.picture } },
    };
    const named = key === undefined ? null : keyName(key);
    const engraved = tuneWriter.write(tune).then(
      (facts) => {
        tunes[index - 1] = { index, midi, picture, weights: weights?.path ?? null, key: named, ...facts };
        done++;
        if (count > PROGRESS_TUNES_THRESHOLD) ports.console.progress({ done, total: count, unit: 'tunes' });
      },
      (cause: unknown) => void (failure ??= { cause }),
    );
    underWay.push(engraved);
    if (underWay.length === MAX_CONCURRENT_WRITES) await underWay.shift();
  }
  await Promise.all(underWay);
  if (failure !== undefined) throw failure.cause;
  return { tunes, drawing };
}

/** Of fewer tunes the progress is not told. */
const PROGRESS_TUNES_THRESHOLD = 8;

function checkRequest(request: ComposeRequest): void {
  const { count, seed, threshold } = request;
  if (!Number.isInteger(count) || count < 1 || count > MAX_TUNES) {
    throw new UsageError(`the count must be a whole number from 1 to ${MAX_TUNES}, got ${count}`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError(`the seed must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, got ${seed}`);
  }
  if (threshold !== undefined && !(threshold >= 0 && threshold <= 1)) {
    throw new UsageError(`the threshold must be a number from 0 to 1, got ${threshold}`);
  }
  checkComposeOptions(request, request);
}

async function refuseExistingFiles(files: FileStore, request: ComposeRequest): Promise<void> {
  const { out, count } = request;
  const kind = await files.kind(out);
  if (kind === 'absent') return;
  if (kind === 'file') throw new AlreadyExistsError(`${out} is a file; name a folder for the tunes with --out`);
  const there = new Set(await files.list(out));
  const taken: string[] = [];
  for (let index = 1; index <= count && there.size > 0; index++) {
    const { midi, picture, weights, sound } = tuneFiles(out, count, index);
    const wanted = [midi, picture, ...(request.weights ? [weights] : []), ...(request.sound ? [sound] : [])];
    taken.push(...wanted.filter((path) => there.has(baseName(path))));
  }
  if (taken.length === 0) return;
  const more = taken.length === 1 ? '' : ` and ${taken.length - 1} more`;
  throw new AlreadyExistsError(`${taken[0]}${more} would be replaced; use --force to allow it, or another --out`);
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Says which file a complaint about its bytes is about. */
async function withPathInError<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof DamagedFileError || cause instanceof EngineError)) throw cause;
    throw new DamagedFileError(`${path} cannot be used as a model: ${cause.message}`, { cause });
  }
}
