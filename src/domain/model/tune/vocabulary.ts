import type { PianoRoll } from '../../roll/piano-roll.js';
import type { RollFormat } from '../../roll/roll-format.js';
import { formatTunePlan, measureTunePlan, type TunePlan } from './tune-plan.js';
import { shiftToNormalKey, KEY_SHIFTS } from './normal-key.js';
import { readVoices, type VoiceColumns } from './voices.js';

/** The discrete choices of a generator, learned from a dataset. Rows are those of the roll, 0 the lowest. */
export interface Vocabulary {
  /** The lowest melody row in the normal key, and the number of rows. The rest is an additional choice. */
  readonly melody: { readonly lowest: number; readonly rows: number };
  /**
   * Ascending pitch classes of each chord in the normal key, the most frequent first. Silence is an additional choice.
   */
  readonly chords: readonly (readonly number[])[];
  /** For each shift of KEY_SHIFTS the rows of each chord, in the tune's own key. */
  readonly voicings: readonly (readonly (readonly number[])[])[];
  /** The plan library: the plans of the dataset's tunes (see formatTunePlan). A composed tune takes one of them. */
  readonly forms: readonly string[];
}

/** A tune as a choice for each column: 0 is the rest or silence, n + 1 the n-th row or chord. */
export interface TuneChoices {
  readonly voiceColumns: VoiceColumns;
  readonly melody: Uint8Array;
  readonly chords: Uint8Array;
  readonly plan: TunePlan;
}

/** The largest sizes of a vocabulary. */
export interface VocabularyLimits {
  readonly melodyRows: number;
  readonly chords: number;
  readonly forms: number;
}

/** The pitch classes of rows after a transposition by `shift` semitones, ascending. */
const pitchClassesOf = (rows: readonly number[], lowestPitch: number, shift: number): readonly number[] =>
  [...new Set(rows.map((row) => (row + lowestPitch + shift + 12) % 12))].sort((a, b) => a - b);

/**
 * Columns in which each voicing (rows as text) of each chord (pitch classes as text) sounds, in the tunes' own keys.
 */
type VoicingCounts = ReadonlyMap<string, ReadonlyMap<string, number>>;

/**
 * Learns the vocabulary of a dataset. Equal rolls in equal order give equal vocabularies.
 * @param rolls with the channels of VOICES_FORMAT; iterated twice
 */
export function learnVocabulary(rolls: Iterable<PianoRoll>, limits: VocabularyLimits): Vocabulary {
  const melodyRows = new Map<number, number>();
  const chordCounts = new Map<string, number>();
  const voicingCounts = new Map<string, Map<string, number>>();
  let [pitches, lowestPitch] = [1, 0];
  for (const roll of rolls) {
    ({ pitches, lowestPitch } = roll.format);
    const voices = readVoices(roll);
    const shift = shiftToNormalKey(voices, lowestPitch);
    for (const row of voices.melody) if (row >= 0) incrementCount(melodyRows, row + shift);
    for (const chord of voices.chords) {
      if (chord.length === 0) continue;
      incrementCount(chordCounts, pitchClassesOf(chord, lowestPitch, shift).join(' '));
      const classes = pitchClassesOf(chord, lowestPitch, 0).join(' ');
      const counts = voicingCounts.get(classes) ?? new Map<string, number>();
      incrementCount(counts, chord.join(' '));
      voicingCounts.set(classes, counts);
    }
  }
  const chords = keysByCount(chordCounts).slice(0, limits.chords).map(parseNumbers);
  const voicings = KEY_SHIFTS.map((shift) =>
    chords.map((classes) => chooseVoicing(classes, shift, voicingCounts, { pitches, lowestPitch })),
  );
  const vocabulary = { melody: melodyRange(melodyRows, limits.melodyRows), chords, voicings, forms: [] };
  const forms: string[] = [];
  for (const roll of rolls) {
    const { plan } = tuneChoicesFromRoll(roll, vocabulary);
    if (plan.length > 0 && forms.push(formatTunePlan(plan)) === limits.forms) break;
  }
  return { ...vocabulary, forms };
}

const incrementCount = <K>(counts: Map<K, number>, key: K): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
const parseNumbers = (text: string): readonly number[] => text.split(' ').map(Number);

/** The keys, the most frequent first; equal counts in alphabetical order. */
const keysByCount = (counts: ReadonlyMap<string, number>): string[] =>
  [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([key]) => key);

/** The range of adjacent rows that contains most of the melodies' columns. */
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

/** The most frequent voicing of a chord in a key; where it has none there, the transposed one of the nearest key. */
function chooseVoicing(
  classes: readonly number[],
  shift: number,
  counts: VoicingCounts,
  { pitches, lowestPitch }: Pick<RollFormat, 'pitches' | 'lowestPitch'>,
): readonly number[] {
  for (const offset of [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6]) {
    const transposed = classes.map((each) => (each - shift + offset + 24) % 12).sort((a, b) => a - b);
    const [mostFrequent] = keysByCount(counts.get(transposed.join(' ')) ?? new Map());
    if (mostFrequent === undefined) continue;
    const rows = parseNumbers(mostFrequent).map((row) => row - offset);
    if (rows.every((row) => row >= 0 && row < pitches)) return rows;
  }
  return classes.map((each) => (((each - shift - lowestPitch) % 12) + 12) % 12).sort((a, b) => a - b);
}

/** Maps a roll to choices: a melody row out of range to another octave, an unknown chord to the most similar one. */
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
  const choiceCache = new Map<string, number>();
  const chooseChord = (rows: readonly number[]): number => {
    const key = rows.join(' ');
    const choice = choiceCache.get(key) ?? 1 + mostSimilarChord(pitchClassesOf(rows, lowestPitch, shift), chords);
    choiceCache.set(key, choice);
    return choice;
  };
  const chordChoices = Uint8Array.from(voiceColumns.chords, (rows) => (rows.length === 0 ? 0 : chooseChord(rows)));
  return {
    voiceColumns,
    melody,
    chords: chordChoices,
    plan: measureTunePlan(voiceColumns, { melody, chords: chordChoices }, shift),
  };
}

/** Transposes a row by octaves into 0..rows-1; where no octave fits, 0. */
function wrapByOctaves(row: number, rows: number): number {
  let moved = row;
  while (moved < 0) moved += 12;
  while (moved >= rows) moved -= 12;
  return Math.max(0, moved);
}

/** The chord with the largest Jaccard index of pitch classes (intersection over union); the first of equals. */
function mostSimilarChord(classes: readonly number[], chords: readonly (readonly number[])[]): number {
  const similarities = chords.map((chord) => {
    const common = chord.filter((each) => classes.includes(each)).length;
    return common / (chord.length + classes.length - common);
  });
  return similarities.indexOf(Math.max(...similarities));
}

/**
 * For a network without a dataset: six chords of C major, three octaves of melody, one plan without repeats per key.
 */
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
