import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  formatTunePlan,
  parseTunePlan,
  sourceColumns,
  type TunePlan,
} from '../../../../src/domain/model/tune/tune-plan.js';
import { learnVocabulary, tuneChoicesFromRoll } from '../../../../src/domain/model/tune/vocabulary.js';
import { readVoices } from '../../../../src/domain/model/tune/voices.js';
import { shiftToNormalKey } from '../../../../src/domain/model/tune/normal-key.js';
import { LITTLE_TUNE, twoVoiceRoll, type Column } from '../../../support/model/two-voice-roll.js';

const LIMITS = { melodyRows: 36, chords: 8, forms: 10 };
const planOf = (columns: readonly Column[]): TunePlan => {
  const roll = twoVoiceRoll(columns);
  return tuneChoicesFromRoll(roll, learnVocabulary([roll], LIMITS)).plan;
};
const transposed = (columns: readonly Column[], semitones: number): Column[] =>
  columns.map(({ melody, chord = [], struck = false }) => ({
    ...(melody === undefined ? {} : { melody: melody + semitones }),
    ...{ chord: chord.map((pitch) => pitch + semitones), struck },
  }));

describe('the plan of a tune', () => {
  test('has the source bars of repetitions and variations', () => {
    expect(planOf(LITTLE_TUNE)).toEqual({
      ...{ shift: 0, bar: 8, phase: 0, length: 41 },
      melody: [0, 1, 0, 1, 4],
      chords: [0, 1, 0, 1, 0],
      motif: [0, 1, 0, 1, 0],
    });
  });

  test('has bars of six columns and an upbeat where the tune has them', () => {
    const six = LITTLE_TUNE.filter((_, column) => column < 40 && column % 8 < 6);
    expect(planOf([...six, ...six])).toMatchObject({ bar: 6, phase: 0 });
    expect(planOf([{ melody: 67 }, { melody: 69 }, ...LITTLE_TUNE])).toMatchObject({ bar: 8, phase: 2, length: 43 });
  });

  test('distinguishes a repeated note from a held one', () => {
    const struck = LITTLE_TUNE.map((column, i) => (i === 17 ? { ...column, struck: true } : column));
    expect(planOf(struck).melody).toEqual([0, 1, 2, 1, 4]);
  });

  test('differs between keys only in the shift', () => {
    for (const semitones of [-6, -2, 1, 5])
      expect(planOf(transposed(LITTLE_TUNE, semitones))).toEqual({ ...planOf(LITTLE_TUNE), shift: -semitones });
  });

  test('gives every column of a repeating bar its source column', () => {
    const plan = { ...planOf(LITTLE_TUNE), phase: 1 };
    const sources = sourceColumns(plan, plan.melody, 48);
    expect([...sources.slice(0, 3), ...sources.slice(16, 19), ...sources.slice(40)]).toEqual([
      ...[0, 1, 2],
      ...[16, 1, 2],
      ...[40, 41, 42, 43, 44, 45, 46, 47],
    ]);
  });

  test('is parsed from its text; other text is not parsed', () => {
    const bars = fc
      .integer({ min: 0, max: 20 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, n) => fc.nat(n))));
    const plans = fc
      .tuple(bars, fc.integer({ min: -5, max: 6 }), fc.constantFrom(6, 8))
      .map(([melody, shift, bar]): TunePlan => {
        return { shift, bar, phase: 3, length: 256, melody, chords: melody.map(() => 0), motif: melody };
      });
    fc.assert(fc.property(plans, (plan) => expect(parseTunePlan(formatTunePlan(plan))).toEqual(plan)));
    for (const text of [
      '',
      '0 8 0 256',
      '0 7 0 256///',
      '9 8 0 256///',
      '0 8 0 256/1/0/0',
      '0 8 8 256///',
      '0 8 0 7/0/0/0',
      'a 8 0 9///',
    ])
      expect([text, parseTunePlan(text)]).toEqual([text, undefined]);
  });
});

test('the shift to the normal key is measured from both voices', () => {
  const shiftOf = (columns: readonly Column[]): number => shiftToNormalKey(readVoices(twoVoiceRoll(columns)), 30);
  const shifts = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map((by) => shiftOf(transposed(LITTLE_TUNE, -by)));
  expect(shifts).toEqual([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6]);
});
