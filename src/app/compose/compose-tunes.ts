import { InterruptedError } from '../../domain/errors.js';
import { findKey } from '../../domain/roll/key-finding.js';
import { keyName } from '../../domain/music/tonal-key.js';
import type { PianoRoll } from '../../domain/roll/piano-roll.js';
import { drawTerminalRoll } from '../../domain/render/terminal-roll.js';
import type { Generator } from '../../ports/generator-runtime.js';
import type { TuneFacts, TuneToWrite, TuneWriter } from '../../ports/tune-writer.js';
import { withPathInError } from '../models/path-in-error.js';
import { tuneFiles } from '../tunes/tune-files.js';
import type { ComposedTune, ComposePorts, ComposeRequest } from './compose-request.js';
import type { ComposedRoll, TuneSampler } from './tune-sampler.js';

/** The checked request and the opened model. */
export interface ComposeContext {
  readonly generator: Generator;
  readonly sampler: TuneSampler;
  readonly request: ComposeRequest;
  readonly ports: ComposePorts;
  readonly tuneWriter: TuneWriter;
}

interface ComposedTunes {
  readonly tunes: readonly ComposedTune[];
  /** The first tune as lines of text; empty when it was not asked for. */
  readonly drawing: readonly string[];
}

/** Draws one tune after the other while those before it are written. */
export async function composeTunes(context: ComposeContext): Promise<ComposedTunes> {
  const { sampler, request, ports } = context;
  const { model, count, out, showFirst } = request;
  const tunes: ComposedTune[] = [];
  let drawing: readonly string[] = [];
  let written = 0;
  const writes = createWriteQueue();
  for (let index = 1; index <= count && !writes.hasFailed(); index++) {
    if (ports.signal.aborted) {
      await writes.settle();
      throw new InterruptedError(`composing was stopped after ${written} of ${count} tunes; those are in ${out}`);
    }
    const composed = await withPathInError(model, () => sampler.draw(index));
    if (index === 1 && showFirst !== undefined) drawing = drawTerminalRoll(composed.roll, showFirst);
    const key = nameOfKey(composed.roll, index, context);
    const tune = tuneToWrite(composed, index, context);
    await writes.add(context.tuneWriter.write(tune), (facts) => {
      tunes[index - 1] = composedTune(index, tune, key, facts);
      written++;
      if (count > PROGRESS_TUNES_THRESHOLD) ports.console.progress({ done: written, total: count, unit: 'tunes' });
    });
  }
  await writes.finish();
  return { tunes, drawing };
}

/** Progress is shown for more tunes than these. */
const PROGRESS_TUNES_THRESHOLD = 8;

/** The key that the tune sounds in; null for a blank one. Warns when it is not the key asked for. */
function nameOfKey(roll: PianoRoll, index: number, { request, ports }: ComposeContext): string | null {
  const key = findKey(roll);
  if (key === undefined) return null;
  if (request.key !== undefined && keyName(key) !== keyName(request.key)) {
    ports.console.warn(`tune ${index} sounds more like ${keyName(key)} than ${keyName(request.key)}`);
  }
  return keyName(key);
}

function tuneToWrite({ roll, probabilities }: ComposedRoll, index: number, context: ComposeContext): TuneToWrite {
  const { generator, sampler, request } = context;
  const { architecture, depth } = generator.metadata;
  const { midi, picture, weights: path } = tuneFiles(request.out, request.count, index);
  return {
    ...{ format: roll.format, cells: roll.cells, midi, picture },
    weights: request.weights && probabilities !== undefined ? { probabilities, path } : undefined,
    title: `${architecture} depth ${depth}, ${sampler.title(index)}`,
    ...{ qpm: request.qpm, program: request.program, key: request.key, appearance: { ...request.picture } },
  };
}

const composedTune = (index: number, tune: TuneToWrite, key: string | null, facts: TuneFacts): ComposedTune => ({
  ...{ index, midi: tune.midi, picture: tune.picture, weights: tune.weights?.path ?? null, key },
  ...facts,
});

/** So many tunes are written at once at most: memory must not grow with the count, and a disk answers slowly. */
const MAX_CONCURRENT_WRITES = 16;

/** Writes that run while the next tunes are drawn. Once one has failed, no more are to be added. */
function createWriteQueue() {
  let failure: { readonly cause: unknown } | undefined;
  const running: Promise<void>[] = [];
  const settle = async (): Promise<void> => void (await Promise.all(running));
  return {
    hasFailed: () => failure !== undefined,
    /** Resolves when there is room for another write. */
    async add(write: Promise<TuneFacts>, onDone: (facts: TuneFacts) => void): Promise<void> {
      running.push(write.then(onDone, (cause: unknown) => void (failure ??= { cause })));
      if (running.length === MAX_CONCURRENT_WRITES) await running.shift();
    },
    settle,
    /** Waits for all writes. Rejects with the first failure. */
    async finish(): Promise<void> {
      await settle();
      if (failure !== undefined) throw failure.cause;
    },
  };
}
