import { expect, test } from '@jest/globals';
import { describeMidi, computeMidiFacts } from '../../../src/domain/midi/midi-facts.js';
import type { Score } from '../../../src/domain/music/score.js';

const note = (pitch: number, startTick: number, durationTicks: number, channel = 0, velocity = 80) => ({
  pitch,
  velocity,
  startTick,
  durationTicks,
  channel,
});

const SCORE: Score = {
  ticksPerBeat: 96,
  tempos: [
    { tick: 0, microsecondsPerBeat: 600_000 },
    { tick: 96, microsecondsPerBeat: 300_000 },
  ],
  timeSignatures: [
    { tick: 0, numerator: 6, denominator: 8 },
    { tick: 96, numerator: 4, denominator: 4 },
  ],
  keySignatures: [{ tick: 0, sharps: -3, mode: 'minor' }],
  tracks: [
    { name: 'Flute\u001b', program: 73, notes: [note(70, 10, 5), note(40, 20, 9)] },
    { name: '', program: 0, notes: [note(72, 9, 1, 3, 33), note(90, 50, 200)] },
  ],
  endTick: 288,
};

test('facts of a tune', () => {
  const warnings = [{ offset: 7, message: 'odd' }];
  const facts = computeMidiFacts({ score: SCORE, format: 1, trackChunks: 3, warnings });
  expect(facts).toEqual({
    format: 1,
    tracks: 3,
    ticksPerQuarter: 96,
    notes: 4,
    endTick: 288,
    pitchMin: 40,
    pitchMax: 90,
    firstNote: { tick: 9, pitch: 72, duration: 1, channel: 3, velocity: 33 },
    seconds: 1.2,
    qpm: 100,
    timeSignature: '6/8',
    keySignature: 'C minor',
    voices: [
      { name: 'Flute\u001b', program: 73, notes: 2 },
      { name: '', program: 0, notes: 2 },
    ],
    warnings,
  });
  expect(describeMidi(facts, 'MIDI')).toEqual([
    'MIDI file, format 1, 3 tracks, 96 ticks a quarter note',
    '4 notes in 288 ticks, 1.2 seconds, 100 beats a minute',
    'pitches 40 to 90',
    'first note: pitch 72 at tick 9 for 1 ticks, channel 3, velocity 33',
    'signatures: 6/8, C minor',
    'voice "Flute\\u001b": 2 notes, program 73',
    'voice without a name: 2 notes, program 0',
    'damaged at byte 7: odd',
  ]);
});

test('facts of silence', () => {
  const score: Score = { ...SCORE, tempos: [], timeSignatures: [], keySignatures: [], tracks: [], endTick: 192 };
  const facts = computeMidiFacts({ score, format: 0, trackChunks: 1, warnings: [] });
  expect(facts).toMatchObject({ notes: 0, pitchMin: null, pitchMax: null, firstNote: null, seconds: 1, qpm: 120 });
  expect(facts).toMatchObject({ timeSignature: null, keySignature: null, voices: [] });
  expect(describeMidi(facts, 'MIDI')).toEqual([
    'MIDI file, format 0, 1 track, 96 ticks a quarter note',
    '0 notes in 192 ticks, 1.0 seconds, 120 beats a minute',
  ]);
});

test.each([
  [-7, 'major', 'Cb major'],
  [0, 'major', 'C major'],
  [7, 'major', 'C# major'],
  [-7, 'minor', 'Ab minor'],
  [0, 'minor', 'A minor'],
  [7, 'minor', 'A# minor'],
] as const)('%i sharps in %s is %s', (sharps, mode, name) => {
  const score: Score = { ...SCORE, keySignatures: [{ tick: 0, sharps, mode }] };
  expect(computeMidiFacts({ score, format: 1, trackChunks: 3, warnings: [] }).keySignature).toBe(name);
});
