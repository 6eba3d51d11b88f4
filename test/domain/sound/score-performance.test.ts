import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import type { Note, Score } from '../../../src/domain/music/score.js';
import { performScore } from '../../../src/domain/sound/score-performance.js';
import { assignInstruments } from '../../../src/domain/sound/assign-instruments.js';
import { PROGRAM_NAMES, substituteProgram } from '../../../src/domain/sound/general-midi.js';

const note = (startTick: number, durationTicks: number, pitch: number, velocity = 80, channel = 0): Note => ({
  ...{ startTick, durationTicks, pitch, velocity, channel },
});
const score = (...tracks: readonly (readonly [number, readonly Note[]])[]): Score => ({
  ...{ ticksPerBeat: 10, timeSignatures: [], keySignatures: [], endTick: 0 },
  tempos: [
    { tick: 0, microsecondsPerBeat: 1_000_000 },
    { tick: 20, microsecondsPerBeat: 250_000 },
  ],
  tracks: tracks.map(([program, notes]) => ({ name: '', program, notes })),
});

describe('performScore', () => {
  it('plays ticks at the tempos of the score, and keeps velocities', () => {
    const { parts, seconds } = performScore(score([7, [note(10, 10, 60, 33), note(20, 20, 64, 127)]]));
    expect(parts).toEqual([
      {
        ...{ program: 7, isDrums: false },
        notes: [
          { start: 1, end: 2, pitch: 60, velocity: 33 },
          { start: 2, end: 2.5, pitch: 64, velocity: 127 },
        ],
      },
    ]);
    expect(seconds).toBe(2.5);
  });

  it('gives all tracks of a program to one instrument, and drums to one kit', () => {
    const drums = (program: number) => [program, [note(0, 5, 36, 80, 9)]] as const;
    const { parts } = performScore(score([0, [note(0, 10, 60)]], [0, [note(0, 10, 64)]], drums(0), drums(8)));
    expect(parts.map(({ isDrums, notes }) => [isDrums, notes.length])).toEqual([
      [false, 2],
      [true, 1],
    ]);
  });

  it('ends a note where the next one of its pitch starts, and keeps the last end', () => {
    const { parts } = performScore(score([0, [note(0, 18, 60), note(5, 5, 60), note(18, 2, 60)]]));
    expect(parts[0]!.notes.map(({ start, end }) => [start, end])).toEqual([
      [0, 0.5],
      [0.5, 1.8],
      [1.8, 2],
    ]);
  });

  it('never overlaps notes of one pitch, whatever the score', () => {
    const notes = fc.array(
      fc.tuple(fc.nat(200), fc.nat(60), fc.integer({ min: 60, max: 62 })).map(([s, d, p]) => note(s, d, p)),
    );
    fc.assert(
      fc.property(notes, (list) => {
        for (const part of performScore(score([0, list])).parts) {
          for (const pitch of [60, 61, 62]) {
            const own = part.notes.filter((each) => each.pitch === pitch);
            own.forEach(({ start, end }, i) => {
              expect(end).toBeGreaterThan(start);
              expect(start).toBeGreaterThanOrEqual(own[i - 1]?.end ?? 0);
            });
          }
        }
      }),
    );
  });

  it('cuts off music after the limit, and reports it', () => {
    const notes = [note(0, 15, 60), note(18, 40, 62), note(60, 10, 64)];
    const { parts, seconds, isTruncated } = performScore(score([0, notes]), 2.25);
    expect([parts[0]!.notes.length, seconds, isTruncated]).toEqual([2, 2.25, true]);
    expect(performScore(score([0, notes]), 100).isTruncated).toBe(false);
  });
});

describe('assignInstruments', () => {
  const performance = performScore(
    score([40, [note(0, 1, 60)]], [41, [note(0, 1, 60)]], [0, [note(0, 1, 36, 80, 9), note(3, 1, 38, 80, 9)]]),
  );

  it('keeps the available instruments and reports missing ones', () => {
    const { parts, notices } = assignInstruments(performance, { programs: new Set([0, 40]), hasDrums: false });
    expect(parts.map(({ program }) => program)).toEqual([40, 40]);
    expect(notices).toEqual([
      'the SoundFont has no viola (program 41): violin plays instead',
      'the SoundFont has no drum kit: 2 drum notes are silent',
    ]);
  });

  it('plays drums if there is a kit', () => {
    const { parts, notices } = assignInstruments(performance, { programs: new Set([40, 41]), hasDrums: true });
    expect([parts.length, notices]).toEqual([3, []]);
  });
});

describe('substituteProgram', () => {
  const shipped = new Set([0, 19, 21, 24, 32, 40, 48, 73]);
  it.each([
    ['honky-tonk piano', 0],
    ['harmonica', 21],
    ['drawbar organ', 19],
    ['cello', 40],
    ['pizzicato strings', 24],
    ['trumpet', 48],
    ['clarinet', 73],
    ['banjo', 24],
    ['fiddle', 40],
    ['bagpipe', 21],
  ])('plays a %s as program %i', (name, program) => {
    expect(substituteProgram(PROGRAM_NAMES.indexOf(name), shipped)).toBe(program);
  });

  it('always finds a program, the same one if it is available', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(127), { minLength: 1 }), fc.nat(127), (programs, wanted) => {
        const found = substituteProgram(wanted, new Set(programs));
        expect(programs).toContain(found);
        if (programs.includes(wanted)) expect(found).toBe(wanted);
      }),
    );
    expect(PROGRAM_NAMES).toHaveLength(128);
  });
});
