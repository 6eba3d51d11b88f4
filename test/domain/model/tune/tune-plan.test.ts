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
const formOf = (columns: readonly Column[]): TunePlan => {
  const roll = twoVoiceRoll(columns);
  return tuneChoicesFromRoll(roll, learnVocabulary([roll], LIMITS)).plan;
};
const moved = (columns: readonly Column[], by: number): Column[] =>
  columns.map(({ melody, chord = [], struck = false }) => ({
    ...(melody === undefined ? {} : { melody: melody + by }),
    ...{ chord: chord.map((pitch) => pitch + by), struck },
  }));

describe('the form of a tune', () => {
  test('says which bars repeat which, and which vary one', () => {
    expect(formOf(LITTLE_TUNE)).toEqual({
      ...{ shift: 0, bar: 8, phase: 0, length: 41 },
      melody: [0, 1, 0, 1, 4],
      chords: [0, 1, 0, 1, 0],
      motif: [0, 1, 0, 1, 0],
    });
  });

  test('finds bars of six, and an upbeat', () => {
    const six = LITTLE_TUNE.filter((_, column) => column < 40 && column % 8 < 6);
    expect(formOf([...six, ...six])).toMatchObject({ bar: 6, phase: 0 });
    expect(formOf([{ melody: 67 }, { melody: 69 }, ...LITTLE_TUNE])).toMatchObject({ bar: 8, phase: 2, length: 43 });
  });

  test('a note struck again is no repeat of one held', () => {
    const struck = LITTLE_TUNE.map((column, i) => (i === 17 ? { ...column, struck: true } : column));
    expect(formOf(struck).melody).toEqual([0, 1, 2, 1, 4]);
  });

  test('is the same in every key, but for the shift to the normal one', () => {
    for (const by of [-6, -2, 1, 5])
      expect(formOf(moved(LITTLE_TUNE, by))).toEqual({ ...formOf(LITTLE_TUNE), shift: -by });
  });

  test('points every column of a repeating bar to the bar it repeats', () => {
    const form = { ...formOf(LITTLE_TUNE), phase: 1 };
    const sources = sourceColumns(form, form.melody, 48);
    expect([...sources.slice(0, 3), ...sources.slice(16, 19), ...sources.slice(40)]).toEqual([
      ...[0, 1, 2],
      ...[15 + 1 - 0, 1, 2].map((source, i) => (i === 0 ? 16 : source)),
      ...[40, 41, 42, 43, 44, 45, 46, 47],
    ]);
  });

  test('is read as it was written, and other text is not read', () => {
    const bars = fc
      .integer({ min: 0, max: 20 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_, n) => fc.nat(n))));
    const forms = fc
      .tuple(bars, fc.integer({ min: -5, max: 6 }), fc.constantFrom(6, 8))
      .map(([melody, shift, bar]): TunePlan => {
        return { shift, bar, phase: 3, length: 256, melody, chords: melody.map(() => 0), motif: melody };
      });
    fc.assert(fc.property(forms, (form) => expect(parseTunePlan(formatTunePlan(form))).toEqual(form)));
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

test('the normal key is found from the cells of both voices', () => {
  const shiftOf = (columns: readonly Column[]): number => shiftToNormalKey(readVoices(twoVoiceRoll(columns)), 30);
  const shifts = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map((by) => shiftOf(moved(LITTLE_TUNE, -by)));
  expect(shifts).toEqual([-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6]);
});
