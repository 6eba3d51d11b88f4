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

/** Numbers of a form as a network is told it: shift, bar, phase, length, then the source columns of melody, chords, motif. */
export const tunePlanSize = (columns: number): number => HEADER_SIZE + 3 * columns;

const HEADER_SIZE = 4;
const BAR_LENGTHS = [6, 8] as const;
/** Parts and multiples of a bar that places are told in. */
const BAR_MULTIPLES = [0.5, 1, 2, 4, 8] as const;

export function encodeTunePlan(form: TunePlan, columns: number): Float32Array {
  const { shift, bar, phase, length } = form;
  const sources = [form.melody, form.chords, form.motif].map((bars) => sourceColumns(form, bars, columns));
  const numbers = new Float32Array(tunePlanSize(columns));
  numbers.set([shift, bar, phase, length]);
  sources.forEach((source, i) => numbers.set(source, HEADER_SIZE + i * columns));
  return numbers;
}

/** A form as nodes, [batch, ...]. */
export interface TunePlanNodes {
  /** [batch, 12], 1 at the tune's shift */
  readonly key: Node;
  /** [batch, planes, 1, columns]: the place in the bar and its multiples, what is new, where the tune ends */
  readonly planes: Node;
  /** [batch, 1, 1, columns], 1 until the tune ends */
  readonly sounding: Node;
  /** 1 for bars of 6 columns: [batch, 1] */
  readonly hasSixColumnBars: Node;
  /** [batch, to, from], 1 at the column that each column repeats: of melody, chords and motif */
  readonly melodySources: Node;
  readonly chordSources: Node;
  readonly motifSources: Node;
}

export const PLAN_PLANE_COUNT = 2 * BAR_MULTIPLES.length + 7;

/** @param form [batch, tunePlanSize(columns)] as of encodeTunePlan */
export function tunePlanNodes(form: Node, columns: number): TunePlanNodes {
  const batch = form.shape[0]!;
  const part = (from: number, length: number): Node => slice(form, [0, from], [batch, from + length]);
  const along = (x: Node): Node => reshape(x, [batch, 1, 1, columns]);
  const [length, bar, phase] = [part(3, 1), part(1, 1), part(2, 1)];
  const time = rowConstant(Array.from({ length: columns }, (_, column) => column));
  const sounding = greater(length, time);
  const hasSixColumnBars = greater(7, bar);
  const places = matmul(oneHot(barPhaseIndex(bar, phase), BAR_PHASES.length), constant(barPhaseTable(columns))); // [batch, planes * columns]
  const sources = [0, 1, 2].map((i) => part(HEADER_SIZE + i * columns, columns)) as [Node, Node, Node];
  const isNew = sources.map((source) => greater(source, subtract(time, 0.5)));
  const untilEnd = multiply(exp(multiply(subtract(time, subtract(length, 1)), multiply(sounding, 1 / 6))), sounding);
  const fromStart = rowConstant(Array.from({ length: columns }, (_, column) => Math.exp(-column / 6)));
  const nothing = multiply(length, 0); // stretches what is the same for all of the batch
  const planes = [
    reshape(places, [batch, PHASE_PLANE_COUNT, 1, columns]),
    ...[
      sounding,
      ...isNew,
      untilEnd,
      broadcastRow(fromStart, nothing),
      broadcastRow(multiply(time, 0), hasSixColumnBars),
    ].map(along),
  ];
  const [melodySources, chordSources, motifSources] = sources.map((source) =>
    reshape(oneHot(source, columns), [batch, columns, columns]),
  ) as [Node, Node, Node];
  return {
    key: oneHot(subtract(part(0, 1), KEY_SHIFTS[0]!), KEY_SHIFTS.length),
    planes: concat(planes, 1),
    sounding: along(sounding),
    hasSixColumnBars,
    melodySources,
    chordSources,
    motifSources,
  };
}

const broadcastRow = (values: Node, perTune: Node): Node => add(values, perTune);

const rowConstant = (values: readonly number[]): Node =>
  constant({ shape: [1, values.length], data: Float32Array.from(values) });

/** 1 where a number is n: [batch, m] -> [batch, m * count], or [batch, count] of one number. */
function oneHot(x: Node, count: number): Node {
  const [batch, numbers] = x.shape as readonly [number, number];
  const offset = subtract(
    reshape(x, [batch, numbers, 1]),
    constant({ shape: [1, 1, count], data: Float32Array.from({ length: count }, (_, n) => n) }),
  );
  return reshape(multiply(greater(offset, -0.5), greater(0.5, offset)), [batch, numbers * count]);
}

/** Every bar and phase there is: bars of 6, then of 8. */
const BAR_PHASES = BAR_LENGTHS.flatMap((bar) => Array.from({ length: bar }, (_, phase) => ({ bar, phase })));
const PHASE_PLANE_COUNT = 2 * BAR_MULTIPLES.length + 1;

const barPhaseIndex = (bar: Node, phase: Node): Node => add(phase, multiply(greater(bar, 7), BAR_LENGTHS[0]));

/** For each bar and phase: cos and sin over parts and multiples of the bar, and odd columns. */
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
 * The form that a number of noise chooses, all equally often: [batch, 1] standard normal -> [batch, tunePlanSize(columns)].
 */
export function choosePlanByNoise(noise: Node, { forms }: Vocabulary, columns: number): Node {
  const book = forms.map((text) => encodeTunePlan(parseTunePlan(text)!, columns));
  const data = new Float32Array(book.length * tunePlanSize(columns));
  book.forEach((numbers, i) => data.set(numbers, i * tunePlanSize(columns)));
  const edge = (i: number): number => (i === 0 ? -1e9 : i === book.length ? 1e9 : normalQuantile(i / book.length));
  const over = (from: number): Node => greater(noise, rowConstant(book.map((_, i) => edge(i + from))));
  return matmul(subtract(over(0), over(1)), constant({ shape: [book.length, tunePlanSize(columns)], data }));
}
