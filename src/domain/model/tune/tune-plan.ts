import type { VoiceColumns } from './voices.js';

/** How a tune is laid out, without any of its notes. Bars are counted from `phase` on. */
export interface TunePlan {
  /** Semitones, -5..6, from the tune to the normal key. */
  readonly shift: number;
  /** Columns of a bar: 6 or 8. */
  readonly bar: number;
  /** The column in which the first whole bar starts, 0..bar-1. */
  readonly phase: number;
  /** Columns until the end of the tune. */
  readonly length: number;
  /** For each whole bar the bar, not later than itself, whose melody it repeats exactly; itself when it is new. */
  readonly melody: readonly number[];
  /** The same for its chords. */
  readonly chords: readonly number[];
  /** The bar whose motif it varies: the one it repeats, or the most alike of at least half; itself when it is new. */
  readonly motif: readonly number[];
}

/** The symbols of each column, equal where the same sounds. */
export interface TuneSymbols {
  readonly melody: ArrayLike<number>;
  readonly chords: ArrayLike<number>;
}

/** How much of two bars of melody must be alike for one to be a variation. */
const MIN_VARIATION_SIMILARITY = 0.5;
/** What equal chords add to the likeness of two bars. */
const SAME_CHORDS_BONUS = 0.1;

/**
 * Measures the form of a tune.
 * @param symbols normalized melody and chords, so that what the vocabulary merges counts as equal
 */
export function measureTunePlan(lines: VoiceColumns, symbols: TuneSymbols, shift: number): TunePlan {
  const { length, melodyOnset, chordsOnset } = lines;
  const bar = estimateBarColumns(lines);
  const phase = estimateBarPhase(lines, bar);
  const starts: number[] = [];
  for (let start = phase; start + bar <= length; start += bar) starts.push(start);
  const said = (line: ArrayLike<number>, onset: Uint8Array, start: number): string =>
    Array.from({ length: bar }, (_, i) => `${line[start + i]}${onset[start + i] === 1 ? '!' : ''}`).join(' ');
  const melodies = starts.map((start) => said(symbols.melody, melodyOnset, start));
  const chords = starts.map((start) => said(symbols.chords, chordsOnset, start));
  const motif: number[] = [];
  for (const [n, start] of starts.entries()) {
    const first = melodies.indexOf(melodies[n]!);
    motif.push(first < n ? motif[first]! : (motif[mostSimilarBar(symbols.melody, starts, n, start, bar, chords)] ?? n));
  }
  return {
    shift,
    bar,
    phase,
    length,
    melody: melodies.map((each) => melodies.indexOf(each)),
    chords: chords.map((each) => chords.indexOf(each)),
    motif,
  };
}

/** The earlier bar most like bar n; -1 when none is alike. */
function mostSimilarBar(
  melody: ArrayLike<number>,
  starts: readonly number[],
  n: number,
  start: number,
  bar: number,
  chords: readonly string[],
): number {
  let [best, found] = [MIN_VARIATION_SIMILARITY, -1];
  for (let m = 0; m < n; m++) {
    let equal = 0;
    for (let i = 0; i < bar; i++) if (melody[start + i] === melody[starts[m]! + i]) equal++;
    const likeness = equal / bar + (chords[m] === chords[n] ? SAME_CHORDS_BONUS : 0);
    if (likeness > best || (found < 0 && likeness >= best)) [best, found] = [likeness, m];
  }
  return found;
}

/** 6 or 8 columns, whichever the onsets of both voices repeat after, once and twice (autocorrelation: Brown 1993). */
function estimateBarColumns(lines: VoiceColumns): number {
  const repeats = (bar: number): number => autocorrelation(lines, bar) + autocorrelation(lines, 2 * bar);
  return repeats(6) > repeats(8) ? 6 : 8;
}

function autocorrelation({ melodyOnset, chordsOnset, length }: VoiceColumns, lag: number): number {
  const onsets = (column: number): number => melodyOnset[column]! + chordsOnset[column]!;
  let first = 0;
  while (first < length && onsets(first) === 0) first++;
  let sum = 0;
  for (let column = first; column + lag < length; column++) sum += onsets(column) * onsets(column + lag);
  return sum / Math.max(1, length - lag - first);
}

/** Where chords change most, then start, then notes start. */
function estimateBarPhase({ melodyOnset, chords, chordsOnset, length }: VoiceColumns, bar: number): number {
  const weights = new Float64Array(bar);
  for (let column = 0; column < length; column++) {
    const changes = chords[column]!.length > 0 && chords[column]!.join() !== chords[column - 1]?.join();
    weights[column % bar]! += Number(changes) + 0.3 * chordsOnset[column]! + 0.1 * melodyOnset[column]!;
  }
  return weights.indexOf(Math.max(...weights));
}

/** The column that each column repeats, by the bars that repeat bars; columns outside whole bars repeat themselves. */
export function sourceColumns({ bar, phase }: TunePlan, bars: readonly number[], columns: number): Uint16Array {
  const sources = Uint16Array.from({ length: columns }, (_, column) => column);
  bars.forEach((source, n) => {
    for (let i = 0; i < bar; i++) sources[phase + n * bar + i] = phase + source * bar + i;
  });
  return sources;
}

/** `2 8 0 256/0 1 0/0 0 0/0 1 0`: shift, bar, phase, length, then the bars of melody, chords and motif. */
export const formatTunePlan = ({ shift, bar, phase, length, melody, chords, motif }: TunePlan): string =>
  [[shift, bar, phase, length], melody, chords, motif].map((numbers) => numbers.join(' ')).join('/');

/** Reads what `formatTunePlan` wrote; undefined for anything else. */
export function parseTunePlan(text: string): TunePlan | undefined {
  const parts = text.split('/').map((part) => (part === '' ? [] : part.split(' ').map(Number)));
  const [head, melody, chords, motif] = parts;
  if (parts.length !== 4 || head!.length !== 4) return undefined;
  const [shift, bar, phase, length] = head as [number, number, number, number];
  const isForm =
    parts.flat().every(Number.isInteger) &&
    [shift >= -5 && shift <= 6, bar === 6 || bar === 8, phase >= 0 && phase < bar, length >= 0].every(Boolean);
  const bars = [melody!, chords!, motif!];
  const fits = bars.every(
    (each) => each.length === melody!.length && each.every((source, n) => source >= 0 && source <= n),
  );
  return isForm && fits && phase + melody!.length * bar <= length
    ? { shift, bar, phase, length, melody: melody!, chords: chords!, motif: motif! }
    : undefined;
}
