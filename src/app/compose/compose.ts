import { AlreadyExistsError, UsageError } from '../../domain/errors.js';
import { checkComposeOptions, type ComposeOptions } from '../../domain/composing/compose-options.js';
import { MODEL_BYTES_LIMIT } from '../../domain/model/model-metadata.js';
import { blankRoll } from '../../domain/roll/piano-roll.js';
import { scoreFromRoll } from '../../domain/roll/score-from-roll.js';
import type { ThemeName } from '../../domain/render/theme.js';
import type { TerminalRollOptions } from '../../domain/render/terminal-roll.js';
import type { Console } from '../../ports/console.js';
import type { TuneFacts, TuneWriter } from '../../ports/tune-writer.js';
import type { FileStore } from '../../ports/file-store.js';
import type { GeneratorRuntime } from '../../ports/generator-runtime.js';
import type { NoiseSearchFactory } from '../complete/complete.js';
import { composeTunes, type ComposeContext } from './compose-tunes.js';
import { openTuneSampler } from './tune-sampler.js';
import { withPathInError } from '../models/path-in-error.js';
import type { Render, RenderRequest } from '../render/render.js';
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
  /** How to render the sound of the tunes; no sound when absent. */
  readonly sound?: RenderRequest['sound'];
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
  /** Path and seconds of the WAV file, and what is not heard as it is written; absent without sound. */
  readonly wav?: string | null;
  readonly wavSeconds?: number | null;
  readonly notices?: readonly string[];
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
  /** Renders the sound of the tunes. */
  readonly loadRender: () => Promise<Render>;
}

/**
 * Composes tunes from noise: a MIDI file and a picture each, and their sound when it is asked for. Nothing is written
 * unless the request and the model are good.
 */
export const createCompose =
  (ports: ComposePorts): Compose =>
  async (request) => {
    checkRequest(request);
    const model = await ports.files.read(request.model, MODEL_BYTES_LIMIT);
    if (!request.replace) await refuseExistingFiles(ports.files, request);
    const composed = await composeWith(model, request, ports);
    if (request.sound === undefined) return composed;
    return { ...composed, tunes: await renderSounds(composed.tunes, request.sound, ports) };
  };

/** From this count on a tune writer in a thread of its own pays: it takes as long to start as 30 tunes to write. */
const MIN_TUNES_FOR_THREAD = 48;

/** Opens the tune writer, the generator and the sampler, composes, and closes them again. */
async function composeWith(model: Uint8Array, request: ComposeRequest, ports: ComposePorts): Promise<ComposeResult> {
  const isMany = request.count >= MIN_TUNES_FOR_THREAD;
  const tuneWriter = await ports.openTuneWriter(isMany);
  try {
    // The writer's thread gets a core that the model leaves: with both on all cores, the two took half as long again.
    const reservedCores = isMany ? 1 : 0;
    const generator = await withPathInError(request.model, () =>
      ports.runtime.load(model, request.device, reservedCores),
    );
    try {
      if (generator.notice !== '') ports.console.warn(generator.notice);
      const sampler = await withPathInError(request.model, () =>
        openTuneSampler(generator, model, request, ports.loadNoiseSearchFactory),
      );
      try {
        return await composeAll({ generator, sampler, request, ports, tuneWriter });
      } finally {
        await sampler.release();
      }
    } finally {
      await generator.release();
    }
  } finally {
    await tuneWriter.close();
  }
}

async function composeAll(context: ComposeContext): Promise<ComposeResult> {
  const { generator, sampler, request } = context;
  const { model, seed, out } = request;
  const { architecture, depth, threshold: usual, rollFormat } = generator.metadata;
  // What the request asks of the scores is checked before the first file is written.
  scoreFromRoll(blankRoll(rollFormat), scoreOptions(request, rollFormat));
  const { tunes, drawing } = await composeTunes(context);
  return {
    ...{ model, architecture, depth, device: generator.device, seed, out, tunes, drawing },
    source: sampler.source,
    likeness: sampler.likeness,
    threshold: request.threshold ?? usual,
  };
}

/** Renders the sound of each tune from its MIDI file. */
async function renderSounds(
  tunes: readonly ComposedTune[],
  sound: NonNullable<RenderRequest['sound']>,
  { loadRender }: ComposePorts,
): Promise<readonly ComposedTune[]> {
  const render = await loadRender();
  const paths = tunes.map(({ midi }) => midi);
  const rendered = await render({ paths, picture: undefined, sound, qpm: undefined, out: undefined, replace: true });
  return tunes.map((tune, i) => {
    const { wav, wavSeconds, notices } = rendered[i]!;
    return { ...tune, wav, wavSeconds, notices };
  });
}

const MAX_TUNES = 1_000_000;

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
