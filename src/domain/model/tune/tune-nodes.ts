import { concat, constant, matmul, multiply, reshape } from '../../tensor/node-builders.js';
import type { Node } from '../../tensor/op.js';
import type { RollFormat } from '../../roll/roll-format.js';
import { KEY_SHIFTS } from './normal-key.js';
import type { TuneChoices, Vocabulary } from './vocabulary.js';

/** The choices of a tune as nodes [batch, channels, 1, columns], one-hot over the channels. */
export interface TuneNodes {
  /** Channel 0 is the rest, the others are the rows. */
  readonly melody: Node;
  /** 1 where a note starts. */
  readonly melodyOnset: Node;
  /** Channel 0 is silence, the others are the vocabulary's chords. */
  readonly chords: Node;
  /** 1 where a chord starts. */
  readonly chordsOnset: Node;
}

const melodyChoiceCount = ({ melody }: Vocabulary): number => melody.rows + 1;
const chordChoiceCount = ({ chords }: Vocabulary): number => chords.length + 1;

/** Channels of melody, melody onset, chords and chords onset, the order in which they are concatenated. */
export const tuneChannels = (vocabulary: Vocabulary): readonly [number, number, number, number] => [
  melodyChoiceCount(vocabulary),
  1,
  chordChoiceCount(vocabulary),
  1,
];

/** Writes one-hot choices [channels, columns] into `planes` from `offset` on, in the order of `tuneChannels`. */
export function encodeChoices(tune: TuneChoices, vocabulary: Vocabulary, planes: Float32Array, offset: number): void {
  const { melody, chords, voiceColumns } = tune;
  const { columns } = voiceColumns;
  const [melodySize, , chordsSize] = tuneChannels(vocabulary);
  for (let column = 0; column < columns; column++) {
    planes[offset + melody[column]! * columns + column] = 1;
    planes[offset + melodySize * columns + column] = voiceColumns.melodyOnset[column]!;
    planes[offset + (melodySize + 1 + chords[column]!) * columns + column] = 1;
    planes[offset + (melodySize + 1 + chordsSize) * columns + column] = voiceColumns.chordsOnset[column]!;
  }
}

/**
 * The roll of a tune in its own key: a product of the choices with a constant table of the rows that each choice sounds
 * in each key. Every sustained note has an onset.
 * @param key [batch, 12], one-hot over KEY_SHIFTS
 * @returns [batch, 4, pitches, columns], with the channels of VOICES_FORMAT
 */
export function rollFromTuneNodes(tune: TuneNodes, key: Node, vocabulary: Vocabulary, { pitches }: RollFormat): Node {
  const { lowest } = vocabulary.melody;
  const rows = (choice: number, shift: number): readonly number[] => [wrapByOctaves(lowest + choice - shift, pitches)];
  const chords = (choice: number, shift: number): readonly number[] =>
    vocabulary.voicings[shift - KEY_SHIFTS[0]!]![choice]!;
  return concat(
    [
      ...voicePlanes(tune.melody, tune.melodyOnset, rowsByChoice(key, tune.melody.shape[1]!, pitches, rows)),
      ...voicePlanes(tune.chords, tune.chordsOnset, rowsByChoice(key, tune.chords.shape[1]!, pitches, chords)),
    ],
    1,
  );
}

/** Sustains and onsets of one voice, [batch, 1, pitches, columns] each. */
function voicePlanes(choice: Node, onset: Node, rows: Node): readonly Node[] {
  const [batch, choices, , columns] = choice.shape as readonly [number, number, number, number];
  const pitches = rows.shape[1]!;
  const sustain = matmul(rows, reshape(choice, [batch, choices, columns]));
  const started = multiply(sustain, reshape(onset, [batch, 1, columns]));
  return [sustain, started].map((plane) => reshape(plane, [batch, 1, pitches, columns]));
}

/**
 * [batch, pitches, choices]: 1 where a choice sounds a row in the tune's key. Choice 0 sounds none.
 * @param rowsOf the rows that choice + 1 sounds in a key
 */
function rowsByChoice(
  key: Node,
  choices: number,
  pitches: number,
  rowsOf: (choice: number, shift: number) => readonly number[],
): Node {
  const data = new Float32Array(KEY_SHIFTS.length * pitches * choices);
  KEY_SHIFTS.forEach((shift, k) => {
    for (let choice = 1; choice < choices; choice++) {
      for (const row of rowsOf(choice - 1, shift)) data[(k * pitches + row) * choices + choice] = 1;
    }
  });
  const table = constant({ shape: [KEY_SHIFTS.length, pitches * choices], data });
  return reshape(matmul(key, table), [key.shape[0]!, pitches, choices]);
}

/** Transposes a row by octaves into 0..pitches-1. */
function wrapByOctaves(row: number, pitches: number): number {
  if (row < 0) return row + 12 * Math.ceil(-row / 12);
  return row < pitches ? row : row - 12 * Math.ceil((row - pitches + 1) / 12);
}
