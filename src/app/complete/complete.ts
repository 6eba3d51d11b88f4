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

/** The roll that a search should match. */
export interface SearchTarget {
  readonly roll: PianoRoll;
  /** The columns to match; all when absent. */
  readonly columns?: ColumnRange;
}

export interface FoundNoise {
  readonly noise: Noise;
  /** Intersection over union of the generated and the target roll in the target's columns, 0..1. */
  readonly likeness: number;
  /** In the shapes of the noise: 0 where the gradient of the roll is always 0, 1 elsewhere. */
  readonly gradientMask: Noise;
}

/** Generates probabilities from a noise: [channels, pitches, columns], 0..1. */
export type GenerateProbabilities = (noise: Noise) => Promise<Float32Array>;

/** Finds a noise from which a generator draws a roll like the target. */
export interface NoiseSearch {
  /**
   * Tries the starts, and the first start with other draws of the numbers without a gradient. Runs a few steps of
   * gradient descent from the candidates most like the target, and a full descent from the best of them.
   * @param center noise that the search prefers to stay near
   */
  findNoise(target: SearchTarget, starts: readonly Noise[], center: Noise): Promise<FoundNoise>;
  release(): Promise<void>;
}

/** Opens searches for composing from a tune: like it, completing it, or extending it. */
export interface NoiseSearchFactory {
  /** The first roll of a MIDI file. Pitches out of range are moved into it by octaves. */
  read(path: string, format: RollFormat): Promise<PianoRoll>;
  /** @param model bytes of a model file that is known to be valid */
  open(model: Uint8Array, device: string, generate: GenerateProbabilities): Promise<NoiseSearch>;
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

/** Number of candidate noises: the most plans that a generator can choose from, so that each plan is tried. */
const CANDIDATE_NOISES = 1024;
/** Number of candidates that gradient descent starts from. */
const CANDIDATES_KEPT = 4;
/** Steps from each of them, before the best is chosen. */
const COARSE_STEPS = 20;
/** Steps from the best one; more steps hardly change the result. */
const SEARCH_STEPS = 400;
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
  open: async (model, device, generate) => {
    const threads = machine.facts().cores;
    const { engine, notice } = await engines.open({ name: engines.names[0]!, device, threads });
    if (notice !== '') console.warn(notice);
    const program = await engine.compile(noiseSearchProgram(await modelFormat.readGenerator(model)));
    return {
      findNoise: (target, starts, center) =>
        search({ program, feeds: feedsOf(target, center), generate, console, signal }, target, starts),
      release: () => program.release(),
    };
  },
});

interface SearchContext {
  readonly program: CompiledProgram;
  readonly feeds: NamedTensors;
  readonly generate: GenerateProbabilities;
  readonly console: Console;
  readonly signal: AbortSignal;
}

interface SearchCandidate extends FoundNoise {
  readonly loss: number;
}

async function search(context: SearchContext, target: SearchTarget, starts: readonly Noise[]): Promise<FoundNoise> {
  const first = await gradientDescent(context, starts[0]!, 0);
  const candidates = [...starts, ...latinHypercubeNoises(starts[0]!, first.gradientMask, CANDIDATE_NOISES)];
  let best = first;
  const kept = await selectBestNoises(context, target, candidates);
  for (const start of kept)
    best = better(best, await gradientDescent(context, start, kept.length > 1 ? COARSE_STEPS : 0));
  return better(best, await gradientDescent(context, best.noise, SEARCH_STEPS, true));
}

/** The candidate of higher likeness, or of lower loss if they are equally alike; `a` if both are equal. */
function better(a: SearchCandidate, b: SearchCandidate): SearchCandidate {
  const isBetter = b.likeness > a.likeness || (b.likeness === a.likeness && b.loss < a.loss);
  return isBetter ? b : a;
}

/** The noises whose rolls are most like the target, in descending order; earlier noises win ties. */
async function selectBestNoises(
  { generate, console, signal }: SearchContext,
  target: SearchTarget,
  noises: readonly Noise[],
): Promise<readonly Noise[]> {
  const likeness: number[] = [];
  for (const noise of noises) {
    if (signal.aborted) throw new InterruptedError(STOPPED_MESSAGE);
    likeness.push(intersectionOverUnion(await generate(noise), target));
    console.progress({ done: likeness.length, total: noises.length, unit: 'noises tried' });
  }
  const order = [...noises.keys()].sort((a, b) => likeness[b]! - likeness[a]! || a - b);
  return order.slice(0, CANDIDATES_KEPT).map((i) => noises[i]!);
}

const STOPPED_MESSAGE = 'composing was stopped during the noise search';

/** The best noise of `steps` steps of gradient descent, the start included. */
async function gradientDescent(
  { program, feeds, console, signal }: SearchContext,
  start: Noise,
  steps: number,
  reportsProgress = false,
): Promise<SearchCandidate> {
  let best: SearchCandidate | undefined;
  const readNoise = (metrics: NamedTensors, metricName: (name: string) => string): Noise =>
    new Map(
      [...start].map(([name, { shape }]) => [name, { shape, data: metrics.get(metricName(name))!.data.slice() }]),
    );
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
        readNoise(metrics, NOISE_SEARCH_TENSORS.evaluatedNoise),
        readNoise(metrics, NOISE_SEARCH_TENSORS.gradientMask),
      ];
      const candidate = { loss: loss!, noise, likeness: likeness!, gradientMask };
      best = best === undefined ? candidate : better(best, candidate);
    }
    if (reportsProgress && done > 0) console.progress({ done, total: steps, unit: 'steps of the noise search' });
  }
  return best!;
}

/** Intersection over union of the sounding cells in the target's columns, 0..1. */
function intersectionOverUnion(probabilities: Float32Array, target: SearchTarget): number {
  const { cells, format } = target.roll;
  const { from, to } = target.columns ?? { from: 0, to: format.columns };
  let [intersection, union] = [0, 0];
  for (let i = 0; i < cells.length; i++) {
    const column = i % format.columns;
    if (column < from || column >= to) continue;
    const [sounds, shouldSound] = [probabilities[i]! >= 0.5, cells[i] === 1];
    if (sounds && shouldSound) intersection++;
    if (sounds || shouldSound) union++;
  }
  return union === 0 ? 1 : intersection / union;
}

function feedsOf({ roll: { cells, format }, columns }: SearchTarget, center: Noise): NamedTensors {
  const shape = [1, ...rollShape(format)];
  const { from, to } = columns ?? { from: 0, to: format.columns };
  const weight = Float32Array.from(cells, (_, i) => {
    const column = i % format.columns;
    return column >= from && column < to ? 1 : 0;
  });
  const asBatch = ({ shape: itemShape, data }: Tensor): Tensor => ({ shape: [1, ...itemShape], data });
  return new Map<string, Tensor>([
    [NOISE_SEARCH_TENSORS.target, { shape, data: Float32Array.from(cells) }],
    [NOISE_SEARCH_TENSORS.weight, { shape, data: weight }],
    ...[...center].map(([name, tensor]) => [NOISE_SEARCH_TENSORS.center(name), asBatch(tensor)] as const),
  ]);
}
