import { InterruptedError } from '../../domain/errors.js';
import {
  noiseSearchProgram,
  NOISE_SEARCH_TENSORS,
  initialSearchState,
} from '../../domain/composing/noise-search-program.js';
import { latinHypercubeNoises, type Noise } from '../../domain/model/noise.js';
import type { PianoRoll } from '../../domain/roll/piano-roll.js';
import type { ColumnRange } from '../../domain/roll/replace-columns.js';
import { singleRollFromScore } from '../../domain/roll/quantize.js';
import { rollShape, type RollFormat } from '../../domain/roll/roll-format.js';
import { scalar, type NamedTensors, type Tensor } from '../../domain/tensor/tensor.js';
import type { Console } from '../../ports/console.js';
import type { EngineRegistry } from '../../ports/engine-registry.js';
import type { FileStore } from '../../ports/file-store.js';
import type { Machine } from '../../ports/machine.js';
import type { MidiReader } from '../../ports/midi-reader.js';
import type { ModelFormat } from '../../ports/model-format.js';
import type { CompiledProgram } from '../../ports/tensor-engine.js';
import { readMidi } from '../tunes/read-midi.js';

/** What a roll should be like. */
export interface SearchTarget {
  readonly roll: PianoRoll;
  /** Where it matters; everywhere when absent. */
  readonly columns?: ColumnRange;
}

export interface FoundNoise {
  readonly noise: Noise;
  /** Intersection over union of what is drawn from it and what is wanted, where that matters, 0..1. */
  readonly likeness: number;
  /** In the noise's shapes: 0 at numbers that the roll has no slope towards, 1 at the others. */
  readonly gradientMask: Noise;
}

/** What a generator draws from a noise: certainties, [channels, pitches, columns]. */
export type GenerateProbabilities = (noise: Noise) => Promise<Float32Array>;

/** Finds the noise from which a model draws something wanted. */
export interface NoiseSearch {
  /**
   * Tries the starts, and the first of them with other draws of the numbers that no slope leads to; goes down a little from
   * those whose rolls are most like what is wanted, and all the way from the best.
   * @param centre what a good noise is near, all else being equal
   */
  findNoise(wanted: SearchTarget, starts: readonly Noise[], centre: Noise): Promise<FoundNoise>;
  release(): Promise<void>;
}

/** What ways to compose need that begin with a tune. */
export interface NoiseSearchFactory {
  /** The first window of a MIDI file, in the format; what is out of range is folded into it by octaves. */
  read(path: string, format: RollFormat): Promise<PianoRoll>;
  /** @param model the bytes of a model file that was loaded before */
  open(model: Uint8Array, device: string, draw: GenerateProbabilities): Promise<NoiseSearch>;
}

export interface NoiseSearchPorts {
  readonly files: FileStore;
  readonly midiReader: MidiReader;
  readonly modelFormat: ModelFormat;
  readonly engines: EngineRegistry;
  readonly machine: Machine;
  readonly console: Console;
  readonly signal: AbortSignal;
}

/** Noises that are tried: as many as a generator's book of forms can have, so that each form is. */
export const CANDIDATE_NOISES = 1024;
/** Of them, how many go on to be searched from, and how many steps each of those has before the best is taken. */
const CANDIDATES_KEPT = 4;
const COARSE_STEPS = 20;
/** Steps of the search from the best; later ones hardly change it. */
export const SEARCH_STEPS = 400;
const INITIAL_LEARNING_RATE = 0.01;
const FINAL_LEARNING_RATE = 0.008;

export const createNoiseSearchFactory = ({
  files,
  midiReader,
  modelFormat,
  engines,
  machine,
  console,
  signal,
}: NoiseSearchPorts): NoiseSearchFactory => ({
  read: async (path, rollFormat) => {
    const { score } = await readMidi(path, files, midiReader);
    return singleRollFromScore(score, rollFormat, { fold: true });
  },
  open: async (model, device, draw) => {
    const threads = machine.facts().cores;
    const { engine, notice } = await engines.open({ name: engines.names[0]!, device, threads });
    if (notice !== '') console.warn(notice);
    const program = await engine.compile(noiseSearchProgram(await modelFormat.readGenerator(model)));
    return {
      findNoise: (wanted, starts, centre) =>
        search({ program, feeds: feedsOf(wanted, centre), draw, console, signal }, wanted, starts),
      release: () => program.release(),
    };
  },
});

interface SearchContext {
  readonly program: CompiledProgram;
  readonly feeds: NamedTensors;
  readonly draw: GenerateProbabilities;
  readonly console: Console;
  readonly signal: AbortSignal;
}

interface SearchCandidate extends FoundNoise {
  readonly loss: number;
}

async function search(parts: SearchContext, wanted: SearchTarget, starts: readonly Noise[]): Promise<FoundNoise> {
  const first = await gradientDescent(parts, starts[0]!, 0);
  const tried = [...starts, ...latinHypercubeNoises(starts[0]!, first.gradientMask, CANDIDATE_NOISES)];
  let best = first;
  const kept = await selectBestNoises(parts, wanted, tried);
  for (const start of kept)
    best = better(best, await gradientDescent(parts, start, kept.length > 1 ? COARSE_STEPS : 0));
  return better(best, await gradientDescent(parts, best.noise, SEARCH_STEPS, true));
}

const isBetter = (b: SearchCandidate, a: SearchCandidate): boolean =>
  b.likeness > a.likeness || (b.likeness === a.likeness && b.loss < a.loss);
const better = (a: SearchCandidate, b: SearchCandidate): SearchCandidate => (isBetter(b, a) ? b : a);

/** The noises whose rolls are most like what is wanted, those first that came first. */
async function selectBestNoises(
  { draw, console, signal }: SearchContext,
  wanted: SearchTarget,
  noises: readonly Noise[],
): Promise<readonly Noise[]> {
  const likeness: number[] = [];
  for (const noise of noises) {
    if (signal.aborted) throw new InterruptedError(STOPPED_MESSAGE);
    likeness.push(intersectionOverUnion(await draw(noise), wanted));
    console.progress({ done: likeness.length, total: noises.length, unit: 'noises tried' });
  }
  const order = [...noises.keys()].sort((a, b) => likeness[b]! - likeness[a]! || a - b);
  return order.slice(0, CANDIDATES_KEPT).map((at) => noises[at]!);
}

const STOPPED_MESSAGE = 'composing was stopped while it searched for a noise';

/** The best on the way of some steps down from a noise, the noise itself among them. */
async function gradientDescent(
  { program, feeds, console, signal }: SearchContext,
  start: Noise,
  steps: number,
  told = false,
): Promise<SearchCandidate> {
  let best: SearchCandidate | undefined;
  const ofNoise = (metrics: NamedTensors, named: (name: string) => string): Noise =>
    new Map([...start].map(([name, { shape }]) => [name, { shape, data: metrics.get(named(name))!.data.slice() }]));
  await program.load(initialSearchState(start));
  for (let done = 0; done <= steps; done++) {
    if (signal.aborted) throw new InterruptedError(STOPPED_MESSAGE);
    const rate = INITIAL_LEARNING_RATE + ((FINAL_LEARNING_RATE - INITIAL_LEARNING_RATE) * done) / Math.max(1, steps);
    const metrics = await program.step(new Map([...feeds, [NOISE_SEARCH_TENSORS.rate, scalar(rate)]]));
    const [loss, likeness] = [NOISE_SEARCH_TENSORS.loss, NOISE_SEARCH_TENSORS.iou].map(
      (name) => metrics.get(name)!.data[0]!,
    );
    if (best === undefined || likeness! >= best.likeness) {
      const [noise, gradientMask] = [
        ofNoise(metrics, NOISE_SEARCH_TENSORS.evaluatedNoise),
        ofNoise(metrics, NOISE_SEARCH_TENSORS.gradientMask),
      ];
      const now = { loss: loss!, noise, likeness: likeness!, gradientMask };
      best = best === undefined ? now : better(best, now);
    }
    if (told && done > 0) console.progress({ done, total: steps, unit: 'steps towards the noise' });
  }
  return best!;
}

/** Intersection over union of sounding cells where they matter, 0..1. */
function intersectionOverUnion(certainties: Float32Array, { roll: { cells, format }, columns }: SearchTarget): number {
  const { from, to } = columns ?? { from: 0, to: format.columns };
  let [both, either] = [0, 0];
  for (let at = 0; at < cells.length; at++) {
    const column = at % format.columns;
    if (column < from || column >= to) continue;
    const [sounds, wanted] = [certainties[at]! >= 0.5, cells[at] === 1];
    if (sounds && wanted) both++;
    if (sounds || wanted) either++;
  }
  return either === 0 ? 1 : both / either;
}

function feedsOf({ roll: { cells, format }, columns }: SearchTarget, centre: Noise): NamedTensors {
  const shape = [1, ...rollShape(format)];
  const { from, to } = columns ?? { from: 0, to: format.columns };
  const weight = Float32Array.from(cells, (_, at) => {
    const column = at % format.columns;
    return column >= from && column < to ? 1 : 0;
  });
  const row = ({ shape: own, data }: Tensor): Tensor => ({ shape: [1, ...own], data });
  return new Map<string, Tensor>([
    [NOISE_SEARCH_TENSORS.target, { shape, data: Float32Array.from(cells) }],
    [NOISE_SEARCH_TENSORS.weight, { shape, data: weight }],
    ...[...centre].map(([name, tensor]) => [NOISE_SEARCH_TENSORS.center(name), row(tensor)] as const),
  ]);
}
