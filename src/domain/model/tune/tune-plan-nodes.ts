import {
  add,
  concat,
  constant,
  exp,
  greater,
  matmul,
  multiply,
  reshape,
  slice,
  subtract,
} from '../../tensor/node-builders.js';
import type { Node } from '../../tensor/op.js';
import { normalQuantile } from '../normal-quantile.js';
import { KEY_SHIFTS } from './normal-key.js';
import { parseTunePlan, sourceColumns, type TunePlan } from './tune-plan.js';
import type { Vocabulary } from './vocabulary.js';

/** Length of an encoded plan: shift, bar, phase and length, then the source columns of melody, chords and motif. */
export const tunePlanSize = (columns: number): number => HEADER_SIZE + 3 * columns;

const HEADER_SIZE = 4;
const BAR_LENGTHS = [6, 8] as const;
/** Periods of the positional encoding, in bars. */
const BAR_MULTIPLES = [0.5, 1, 2, 4, 8] as const;

/** A plan as the condition vector of the networks. */
export function encodeTunePlan(plan: TunePlan, columns: number): Float32Array {
  const { shift, bar, phase, length } = plan;
  const sources = [plan.melody, plan.chords, plan.motif].map((bars) => sourceColumns(plan, bars, columns));
  const numbers = new Float32Array(tunePlanSize(columns));
  numbers.set([shift, bar, phase, length]);
  sources.forEach((source, i) => numbers.set(source, HEADER_SIZE + i * columns));
  return numbers;
}

/** A plan as inputs of the networks' layers. */
export interface TunePlanNodes {
  /** [batch, 12], one-hot over KEY_SHIFTS */
  readonly key: Node;
  /** [batch, planes, 1, columns]: position in the bar, where a bar is new, distance from the start and the end */
  readonly planes: Node;
  /** [batch, 1, 1, columns], 1 until the tune ends */
  readonly sounding: Node;
  /** [batch, 1], 1 for bars of 6 columns, 0 for bars of 8 */
  readonly hasSixColumnBars: Node;
  /** [batch, to, from], 1 at the column that each column repeats */
  readonly melodySources: Node;
  readonly chordSources: Node;
  readonly motifSources: Node;
}

/**
 * Decodes a plan.
 * @param plan [batch, tunePlanSize(columns)] of `encodeTunePlan`
 */
export function tunePlanNodes(plan: Node, columns: number): TunePlanNodes {
  const batch = plan.shape[0]!;
  const part = (from: number, length: number): Node => slice(plan, [0, from], [batch, from + length]);
  const asPlane = (x: Node): Node => reshape(x, [batch, 1, 1, columns]);
  const [length, bar, phase] = [part(3, 1), part(1, 1), part(2, 1)];
  const time = rowConstant(Array.from({ length: columns }, (_, column) => column));
  const sounding = greater(length, time);
  const hasSixColumnBars = greater(7, bar);
  const barPhase = oneHot(barPhaseIndex(bar, phase), BAR_PHASES.length);
  const positions = matmul(barPhase, constant(barPhaseTable(columns))); // [batch, planes * columns]
  const sources = [0, 1, 2].map((i) => part(HEADER_SIZE + i * columns, columns)) as [Node, Node, Node];
  const isNew = sources.map((source) => greater(source, subtract(time, 0.5)));
  const untilEnd = multiply(exp(multiply(subtract(time, subtract(length, 1)), multiply(sounding, 1 / 6))), sounding);
  const fromStart = rowConstant(Array.from({ length: columns }, (_, column) => Math.exp(-column / 6)));
  const zero = multiply(length, 0); // [batch, 1], broadcasts a row to the batch
  const planes = [
    reshape(positions, [batch, PHASE_PLANE_COUNT, 1, columns]),
    ...[sounding, ...isNew, untilEnd, add(fromStart, zero), add(multiply(time, 0), hasSixColumnBars)].map(asPlane),
  ];
  const [melodySources, chordSources, motifSources] = sources.map((source) =>
    reshape(oneHot(source, columns), [batch, columns, columns]),
  ) as [Node, Node, Node];
  return {
    key: oneHot(subtract(part(0, 1), KEY_SHIFTS[0]!), KEY_SHIFTS.length),
    planes: concat(planes, 1),
    sounding: asPlane(sounding),
    hasSixColumnBars,
    melodySources,
    chordSources,
    motifSources,
  };
}

const rowConstant = (values: readonly number[]): Node =>
  constant({ shape: [1, values.length], data: Float32Array.from(values) });

/** One-hot encoding of integers 0..count-1: [batch, m] -> [batch, m * count]. */
function oneHot(x: Node, count: number): Node {
  const [batch, numbers] = x.shape as readonly [number, number];
  const offset = subtract(
    reshape(x, [batch, numbers, 1]),
    constant({ shape: [1, 1, count], data: Float32Array.from({ length: count }, (_, n) => n) }),
  );
  return reshape(multiply(greater(offset, -0.5), greater(0.5, offset)), [batch, numbers * count]);
}

/** All combinations of bar length and phase: bars of 6 columns, then of 8. */
const BAR_PHASES = BAR_LENGTHS.flatMap((bar) => Array.from({ length: bar }, (_, phase) => ({ bar, phase })));
const PHASE_PLANE_COUNT = 2 * BAR_MULTIPLES.length + 1;

/** Index in BAR_PHASES. */
const barPhaseIndex = (bar: Node, phase: Node): Node => add(phase, multiply(greater(bar, 7), BAR_LENGTHS[0]));

/**
 * The sinusoidal positional encoding (Vaswani et al. 2017) for each bar length and phase, with periods of
 * BAR_MULTIPLES, and a plane that is 1 in odd columns.
 */
function barPhaseTable(columns: number) {
  const data = BAR_PHASES.flatMap(({ bar, phase }) =>
    [
      ...BAR_MULTIPLES.flatMap((times) =>
        [Math.cos, Math.sin].map((wave) => (column: number) => wave((2 * Math.PI * (column - phase)) / (bar * times))),
      ),
      (column: number) => (((column - phase) % 2) + 2) % 2,
    ].flatMap((plane) => Array.from({ length: columns }, (_, column) => plane(column))),
  );
  return { shape: [BAR_PHASES.length, PHASE_PLANE_COUNT * columns], data: Float32Array.from(data) };
}

/**
 * Selects a plan of the plan library by noise: the i-th of n plans between the normal quantiles i / n and (i + 1) / n,
 * so that all are equally likely.
 * @param noise [batch, 1], standard normal
 * @returns [batch, tunePlanSize(columns)]
 */
export function choosePlanByNoise(noise: Node, { forms }: Vocabulary, columns: number): Node {
  const planLibrary = forms.map((text) => encodeTunePlan(parseTunePlan(text)!, columns));
  const count = planLibrary.length;
  const data = new Float32Array(count * tunePlanSize(columns));
  planLibrary.forEach((numbers, i) => data.set(numbers, i * tunePlanSize(columns)));
  const edge = (i: number): number => (i === 0 ? -1e9 : i === count ? 1e9 : normalQuantile(i / count));
  const isAboveEdge = (from: number): Node => greater(noise, rowConstant(planLibrary.map((_, i) => edge(i + from))));
  const oneHotPlan = subtract(isAboveEdge(0), isAboveEdge(1));
  return matmul(oneHotPlan, constant({ shape: [count, tunePlanSize(columns)], data }));
}
