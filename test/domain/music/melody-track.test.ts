import { describe, expect, test } from '@jest/globals';
import { findMelodyTrack } from '../../../src/domain/music/melody-track.js';
import { singleRollFromScore } from '../../../src/domain/roll/quantize.js';
import { scoreFromRoll } from '../../../src/domain/roll/score-from-roll.js';
import type { Note, Score } from '../../../src/domain/music/score.js';
import { VOICES_FORMAT } from '../../../src/domain/model/tune/voices.js';

const note = (pitch: number, startTick: number, durationTicks: number, channel = 0): Note => ({
  ...{ pitch, startTick, durationTicks, channel },
  velocity: 90,
});
const score = (tracks: Readonly<Record<string, readonly Note[]>>): Score => ({
  ...{ ticksPerBeat: 2, tempos: [], timeSignatures: [], keySignatures: [], endTick: 100 },
  tracks: Object.entries(tracks).map(([name, notes]) => ({ name, program: 0, notes })),
});
const tune = [note(72, 0, 2), note(74, 4, 2)];
const chords = [note(48, 0, 4), note(52, 0, 4), note(48, 4, 4), note(52, 4, 4)];

describe('the track that is the melody', () => {
  test('is the highest monophonic track, at any position', () => {
    expect(findMelodyTrack(score({ a: tune, b: chords }))?.name).toBe('a');
    expect(findMelodyTrack(score({ a: chords, b: tune }))?.name).toBe('b');
  });

  test('is the one named melody, even if it is not the highest', () => {
    expect(findMelodyTrack(score({ descant: [note(90, 0, 2)], 'My tune: Melody': tune }))?.name).toBe(
      'My tune: Melody',
    );
  });

  test('is undefined for a single track, for a polyphonic highest track, or beside drums only', () => {
    expect(findMelodyTrack(score({ a: tune }))).toBeUndefined();
    expect(findMelodyTrack(score({ a: chords, b: [note(30, 0, 2)] }))).toBeUndefined();
    expect(findMelodyTrack(score({ a: tune, drums: [note(36, 0, 1, 9)] }))).toBeUndefined();
  });

  test('may overlap in one of ten notes', () => {
    const held = Array.from({ length: 10 }, (_, i) => note(70 + i, 2 * i, i === 3 ? 3 : 2));
    expect(findMelodyTrack(score({ a: held, b: chords }))?.name).toBe('a');
    expect(findMelodyTrack(score({ a: held.map((n) => ({ ...n, durationTicks: 3 })), b: chords }))).toBeUndefined();
  });
});

describe('voices of a score with a melody track', () => {
  const roll = singleRollFromScore(score({ a: chords, b: tune }), VOICES_FORMAT);
  const cell = (channel: number, pitch: number, column: number): number =>
    roll.cells[(channel * 64 + pitch - 30) * 256 + column]!;

  test('the melody rests where its track rests, even while chords sound', () => {
    expect([0, 1, 2, 3, 4, 5].map((column) => cell(0, 72, column) + cell(0, 74, column))).toEqual([1, 1, 0, 0, 1, 1]);
    expect([0, 1, 2, 3].map((column) => cell(0, 52, column))).toEqual([0, 0, 0, 0]);
    expect([0, 1, 2, 3, 4].map((column) => cell(2, 52, column))).toEqual([1, 1, 1, 1, 1]);
    expect([0, 1, 2, 3, 4].map((column) => cell(3, 48, column))).toEqual([1, 0, 0, 0, 1]);
  });

  test('are the same after a round trip through a score, and their programs differ', () => {
    const written = scoreFromRoll(roll);
    expect(written.tracks.map(({ name, program }) => [name, program])).toEqual([
      ['melody', 73],
      ['chords', 24],
    ]);
    expect(singleRollFromScore(written, VOICES_FORMAT).cells).toEqual(roll.cells);
    expect(scoreFromRoll(roll, { program: 7 }).tracks.map(({ program }) => program)).toEqual([7, 7]);
  });
});
