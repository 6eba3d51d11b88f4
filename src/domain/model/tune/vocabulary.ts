import type { PianoRoll } from '../../roll/piano-roll.js';
import { formatTunePlan, measureTunePlan, type TunePlan } from './tune-plan.js';
import { shiftToNormalKey, KEY_SHIFTS } from './normal-key.js';
import { readVoices, type VoiceColumns } from './voices.js';

/** What a generator that chooses can choose from, learned from a dataset. Rows are those of the roll, 0 the lowest. */
export interface Vocabulary {
  /** The lowest row of the melody in the normal key, and how many there are; beside them there is the rest. */
  readonly melody: { readonly lowest: number; readonly rows: number };
  /** Pitch classes of each chord in the normal key, ascending, the most frequent chord first; beside them there is silence. */
  readonly chords: readonly (readonly number[])[];
  /** For each shift, -5..6, the rows that sound each chord, in the tune's own key. */
  readonly voicings: readonly (readonly (readonly number[])[])[];
  /** Forms of the tunes (see formatTunePlan): a tune that is composed takes one of them. */
  readonly forms: readonly string[];
}

/** A tune as the choices of each column: 0 is the rest, or silence, and n + 1 the n-th row or chord. */
export interface TuneChoices {
  readonly voiceColumns: VoiceColumns;
  readonly melody: Uint8Array;
  readonly chords: Uint8Array;
  readonly plan: TunePlan;
}

export interface VocabularyLimits {
  readonly melodyRows: number;
  readonly chords: number;
  readonly forms: number;
}

/** The pitch classes of rows, moved by some semitones: ascending. */
const pitchClassesOf = (rows: readonly number[], lowestPitch: number, shift: number): readonly number[] =>
  [...new Set(rows.map((row) => (row + lowestPitch + shift + 12) % 12))].sort((a, b) => a - b);

/** Equal rolls in equal order give equal vocabularies. @param rolls with the channels of VOICES_FORMAT, walked twice */
export function learnVocabulary(rolls: Iterable<PianoRoll>, limits: VocabularyLimits): Vocabulary {
  const rows = new Map<number, number>();
  const sets = new Map<string, number>();
  const voiced = new Map<string, Map<string, number>>(); // absolute pitch classes -> rows -> columns
  let [pitches, lowestPitch] = [1, 0];
  for (const roll of rolls) {
    ({ pitches, lowestPitch } = roll.format);
    const lines = readVoices(roll);
    const shift = shiftToNormalKey(lines, lowestPitch);
    for (const row of lines.melody) if (row >= 0) incrementCount(rows, row + shift);
    for (const chord of lines.chords) {
      if (chord.length === 0) continue;
      incrementCount(sets, pitchClassesOf(chord, lowestPitch, shift).join(' '));
      const classes = pitchClassesOf(chord, lowestPitch, 0).join(' ');
      const voicings = voiced.get(classes) ?? new Map<string, number>();
      incrementCount(voicings, chord.join(' '));
      voiced.set(classes, voicings);
    }
  }
  const chords = keysByCount(sets).slice(0, limits.chords).map(parseNumbers);
  const voicings = KEY_SHIFTS.map((shift) =>
    chords.map((classes) => chooseVoicing(classes, shift, voiced, pitches, lowestPitch)),
  );
  const vocabulary = { melody: melodyRange(rows, limits.melodyRows), chords, voicings, forms: [] };
  const forms: string[] = [];
  for (const roll of rolls) {
    const { plan } = tuneChoicesFromRoll(roll, vocabulary);
    if (plan.length > 0 && forms.push(formatTunePlan(plan)) === limits.forms) break;
  }
  return { ...vocabulary, forms };
}

const incrementCount = <K>(counts: Map<K, number>, key: K): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
const parseNumbers = (text: string): readonly number[] => text.split(' ').map(Number);

/** Most frequent first, equal counts in order of their text. */
const keysByCount = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([key]) => key);

/** The rows side by side that hold most of the melodies. */
function melodyRange(counts: ReadonlyMap<number, number>, rows: number): Vocabulary['melody'] {
  if (counts.size === 0) return { lowest: 0, rows: 0 };
  const all = [...counts.keys()];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  let [best, lowest] = [-1, low];
  for (let from = low; from <= Math.max(low, high - rows + 1); from++) {
    let sum = 0;
    for (const [row, count] of counts) if (row >= from && row < from + rows) sum += count;
    if (sum > best) [best, lowest] = [sum, from];
  }
  return { lowest, rows: Math.min(rows, high - low + 1) };
}

/** How the tunes voice a chord in that key; where none has it there, the way they voice it in the key nearest to it. */
function chooseVoicing(
  classes: readonly number[],
  shift: number,
  voiced: ReadonlyMap<string, ReadonlyMap<string, number>>,
  pitches: number,
  lowestPitch: number,
): readonly number[] {
  for (const moved of [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6]) {
    const own = classes.map((each) => (each - shift + moved + 24) % 12).sort((a, b) => a - b);
    const [rows] = keysByCount(voiced.get(own.join(' ')) ?? new Map());
    if (rows === undefined) continue;
    const there = parseNumbers(rows).map((row) => row - moved);
    if (there.every((row) => row >= 0 && row < pitches)) return there;
  }
  return classes.map((each) => (((each - shift - lowestPitch) % 12) + 12) % 12).sort((a, b) => a - b);
}

/** Reads a roll as choices; what the vocabulary lacks is the row an octave away, or the chord that shares most. */
export function tuneChoicesFromRoll(
  roll: PianoRoll,
  { melody: range, chords }: Omit<Vocabulary, 'forms'>,
): TuneChoices {
  const { lowestPitch } = roll.format;
  const voiceColumns = readVoices(roll);
  const shift = shiftToNormalKey(voiceColumns, lowestPitch);
  const melody = Uint8Array.from(voiceColumns.melody, (row) =>
    row < 0 ? 0 : 1 + wrapByOctaves(row + shift - range.lowest, range.rows),
  );
  const known = new Map<string, number>();
  const choose = (rows: readonly number[]): number => {
    const key = rows.join(' ');
    const found = known.get(key) ?? 1 + mostSimilarChord(pitchClassesOf(rows, lowestPitch, shift), chords);
    known.set(key, found);
    return found;
  };
  const chosen = Uint8Array.from(voiceColumns.chords, (rows) => (rows.length === 0 ? 0 : choose(rows)));
  return {
    voiceColumns,
    melody,
    chords: chosen,
    plan: measureTunePlan(voiceColumns, { melody, chords: chosen }, shift),
  };
}

/** Moved by octaves into 0..rows-1; a smaller range takes what is nearest. */
function wrapByOctaves(row: number, rows: number): number {
  let moved = row;
  while (moved < 0) moved += 12;
  while (moved >= rows) moved -= 12;
  return Math.max(0, moved);
}

/** The chord with the largest share of common pitch classes (Jaccard 1901); the first of equals. */
function mostSimilarChord(classes: readonly number[], chords: readonly (readonly number[])[]): number {
  const shares = chords.map((chord) => {
    const common = chord.filter((each) => classes.includes(each)).length;
    return common / (chord.length + classes.length - common);
  });
  return shares.indexOf(Math.max(...shares));
}

/** The chords of C major, two octaves of melody, one form without repeats: for a network without a dataset. */
export const DEFAULT_VOCABULARY: Vocabulary = (() => {
  const chords = [
    [0, 4, 7],
    [2, 7, 11],
    [0, 5, 9],
    [0, 4, 9],
    [2, 5, 9],
    [4, 7, 11],
  ];
  return {
    melody: { lowest: 22, rows: 36 },
    chords,
    voicings: KEY_SHIFTS.map((shift) => chords.map((chord) => chord.map((each) => 12 + each - shift))),
    forms: KEY_SHIFTS.map((shift) =>
      formatTunePlan({ shift, bar: 8, phase: 0, length: 256, melody: [], chords: [], motif: [] }),
    ),
  };
})();
