import type { VoiceColumns } from './voices.js';

/** The form of a tune, without its notes. Bars are numbered from `phase` on. */
export interface TunePlan {
  /** Transposition to the normal key in semitones, -5..6. */
  readonly shift: number;
  /** Columns of a bar: 6 or 8. */
  readonly bar: number;
  /** The column in which the first whole bar starts, 0..bar-1. */
  readonly phase: number;
  /** Columns until the end of the tune. */
  readonly length: number;
  /** For each whole bar the first bar with exactly the same melody; itself when it is new. */
  readonly melody: readonly number[];
  /** The same for the chords. */
  readonly chords: readonly number[];
  /** The bar that it repeats or varies: the same bar or the most similar earlier one; itself when it is new. */
  readonly motif: readonly number[];
}

/** A symbol for the melody and the chord of each column; equal symbols count as the same music. */
interface TuneSymbols {
  readonly melody: ArrayLike<number>;
  readonly chords: ArrayLike<number>;
}

/** The share of equal melody columns from which a bar is a variation of another. */
const MIN_VARIATION_SIMILARITY = 0.5;
/** Added to the similarity of two bars with the same chords. */
const SAME_CHORDS_BONUS = 0.1;

/**
 * Measures the form of a tune.
 * @param symbols melody and chords as choices of a vocabulary, in the normal key
 */
export function measureTunePlan(voices: VoiceColumns, symbols: TuneSymbols, shift: number): TunePlan {
  const { length, melodyOnset, chordsOnset } = voices;
  const bar = estimateBarColumns(voices);
  const phase = estimateBarPhase(voices, bar);
  const starts: number[] = [];
  for (let start = phase; start + bar <= length; start += bar) starts.push(start);
  const barText = (line: ArrayLike<number>, onset: Uint8Array, start: number): string =>
    Array.from({ length: bar }, (_, i) => `${line[start + i]}${onset[start + i] === 1 ? '!' : ''}`).join(' ');
  const melodies = starts.map((start) => barText(symbols.melody, melodyOnset, start));
  const chords = starts.map((start) => barText(symbols.chords, chordsOnset, start));
  const bars: MeasuredBars = { bar, starts, melody: symbols.melody, chords };
  const motif: number[] = [];
  for (const n of starts.keys()) {
    const first = melodies.indexOf(melodies[n]!);
    motif.push(first < n ? motif[first]! : (motif[mostSimilarBar(bars, n)] ?? n));
  }
  return {
    shift,
    bar,
    phase,
    length,
    melody: melodies.map((text) => melodies.indexOf(text)),
    chords: chords.map((text) => chords.indexOf(text)),
    motif,
  };
}

interface MeasuredBars {
  /** Columns of a bar. */
  readonly bar: number;
  /** First column of each bar. */
  readonly starts: readonly number[];
  /** Symbol of each column. */
  readonly melody: ArrayLike<number>;
  /** The chords of each bar as text. */
  readonly chords: readonly string[];
}

/** The earlier bar that is most similar to bar n; -1 when none is similar enough. */
function mostSimilarBar({ bar, starts, melody, chords }: MeasuredBars, n: number): number {
  let [bestSimilarity, best] = [MIN_VARIATION_SIMILARITY, -1];
  for (let m = 0; m < n; m++) {
    let equal = 0;
    for (let i = 0; i < bar; i++) if (melody[starts[n]! + i] === melody[starts[m]! + i]) equal++;
    const similarity = equal / bar + (chords[m] === chords[n] ? SAME_CHORDS_BONUS : 0);
    if (similarity > bestSimilarity || (best < 0 && similarity >= bestSimilarity))
      [bestSimilarity, best] = [similarity, m];
  }
  return best;
}

/** Estimates the meter: 6 or 8 columns a bar, by autocorrelation of the onsets at one and two bars (Brown 1993). */
function estimateBarColumns(voices: VoiceColumns): number {
  const score = (bar: number): number => autocorrelation(voices, bar) + autocorrelation(voices, 2 * bar);
  return score(6) > score(8) ? 6 : 8;
}

/** Mean product of the onsets of columns `lag` apart, from the first onset on. */
function autocorrelation({ melodyOnset, chordsOnset, length }: VoiceColumns, lag: number): number {
  const onsets = (column: number): number => melodyOnset[column]! + chordsOnset[column]!;
  let first = 0;
  while (first < length && onsets(first) === 0) first++;
  let sum = 0;
  for (let column = first; column + lag < length; column++) sum += onsets(column) * onsets(column + lag);
  return sum / Math.max(1, length - lag - first);
}

/** The phase with most chord changes; chord onsets and melody onsets count less. */
function estimateBarPhase({ melodyOnset, chords, chordsOnset, length }: VoiceColumns, bar: number): number {
  const weights = new Float64Array(bar);
  for (let column = 0; column < length; column++) {
    const changes = chords[column]!.length > 0 && chords[column]!.join() !== chords[column - 1]?.join();
    weights[column % bar]! += Number(changes) + 0.3 * chordsOnset[column]! + 0.1 * melodyOnset[column]!;
  }
  return weights.indexOf(Math.max(...weights));
}

/**
 * The source column of each column. Columns outside whole bars are their own source.
 * @param bars the source bar of each bar, such as `TunePlan.melody`
 */
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

/** Parses the text of `formatTunePlan`; undefined for any other text. */
export function parseTunePlan(text: string): TunePlan | undefined {
  const parts = text.split('/').map((part) => (part === '' ? [] : part.split(' ').map(Number)));
  const [head, melody, chords, motif] = parts;
  if (parts.length !== 4 || head!.length !== 4) return undefined;
  const [shift, bar, phase, length] = head as [number, number, number, number];
  const isHeadValid =
    parts.flat().every(Number.isInteger) &&
    [shift >= -5 && shift <= 6, bar === 6 || bar === 8, phase >= 0 && phase < bar, length >= 0].every(Boolean);
  const areSourcesValid = [melody!, chords!, motif!].every(
    (sources) => sources.length === melody!.length && sources.every((source, n) => source >= 0 && source <= n),
  );
  return isHeadValid && areSourcesValid && phase + melody!.length * bar <= length
    ? { shift, bar, phase, length, melody: melody!, chords: chords!, motif: motif! }
    : undefined;
}
