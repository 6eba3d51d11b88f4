import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import { createStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import { MIDI_LIMITS } from '../../../src/domain/midi/midi-limits.js';
import { secondsAt } from '../../../src/domain/music/tempo-map.js';
import { arbitraryScores } from '../../support/midi/arbitrary-scores.js';
import { readOrError } from '../../support/midi/midi-assertions.js';
import {
  bytesOf,
  END,
  header,
  meta,
  track,
  u32,
  variableLengthQuantity,
  type Bytes,
} from '../../support/midi/smf-bytes.js';
import { startStopwatch } from '../../support/stopwatch.js';

const reader = createStandardMidiReader();
const read = (...parts: Bytes) => reader.read(Uint8Array.from(bytesOf(...parts)));
const NOTE = [0, 0x90, 60, 64, 96, 0x80, 60, 64];

describe('SMPTE time keeps its seconds', () => {
  test.each([
    // frames as a byte, ticks a frame, ticks of the file a second
    [0xe8, 80, 1920],
    [0xe7, 40, 1000],
    [0xe7, 1, 25], // odd: a beat would have 12.5 ticks
    [0xe3, 100, 3000 / 1.001],
    [0xe3, 255, 7650 / 1.001],
    [0xe2, 4, 120],
  ])('frame byte %i, %i ticks a frame', (frames, ticks, ticksPerSecond) => {
    const { score } = read(
      header(1, 1, frames * 256 + ticks),
      track([...variableLengthQuantity(700), 0x90, 60, 64, ...variableLengthQuantity(300), 0x80, 60, 0]),
    );
    const [note] = score.tracks[0]!.notes;
    expect(Number.isInteger(score.ticksPerBeat)).toBe(true);
    expect(secondsAt(score, note!.startTick)).toBeCloseTo(700 / ticksPerSecond, 9);
    expect(secondsAt(score, note!.startTick + note!.durationTicks)).toBeCloseTo(1000 / ticksPerSecond, 9);
  });

  test('a tempo changes nothing', () => {
    const { score } = read(header(0, 1, 0xe728), track([0, ...meta(0x51, [1, 0, 0])], NOTE));
    expect(score.tempos).toEqual([{ tick: 0, microsecondsPerBeat: 500_000 }]);
    expect(score.ticksPerBeat).toBe(500);
  });
});

describe('tracks', () => {
  test('a chunk of several channels becomes a track a channel, in order of channel', () => {
    const events = [
      0, 0x93, 60, 1, 0, 0xc3, 7, 0, 0x91, 61, 2, 0, 0x93, 59, 3, 5, 0x83, 60, 0, 0, 0x83, 59, 0, 0, 0x81, 61, 0,
    ];
    const { score } = read(header(0, 1, 96), track([0, ...meta(3, 'Duo')], events));
    expect(score.tracks.map((t) => [t.name, t.program, t.notes.map((n) => n.pitch)])).toEqual([
      ['Duo', 0, [61]],
      ['Duo', 7, [59, 60]],
    ]);
  });

  test('a program set in another chunk counts for a channel that has none of its own', () => {
    const { score } = read(
      header(1, 2, 96),
      track([0, 0xc0, 19, 0, 0xc1, 20]),
      track([0, 0xc1, 21], NOTE, [0, 0x91, 50, 9, 1, 0x81, 50, 0]),
    );
    expect(score.tracks.map((t) => t.program)).toEqual([19, 21]);
  });

  test('of a chunk without notes only its name stays, of a nameless one nothing', () => {
    const { score, trackChunks } = read(
      header(1, 3, 96),
      track([0, ...meta(3, 'Tune')]),
      track([0, 0xc0, 1]),
      track(NOTE),
    );
    expect(score.tracks.map((t) => [t.name, t.notes.length])).toEqual([
      ['Tune', 0],
      ['', 1],
    ]);
    expect(trackChunks).toBe(3);
  });

  test.each([
    ['UTF-8', [0xe6, 0xad, 0x8c], '歌'],
    ['Latin-1', [0x46, 0xfc, 0x72], 'Für'],
    ['with control characters', [0x41, 0, 0x1b], 'A\u0000\u001b'],
  ])('a name in %s', (_, bytes, name) => {
    expect(read(header(1, 1, 96), track([0, ...meta(3, bytes)], NOTE)).score.tracks[0]!.name).toBe(name);
  });

  test('of two tempos at one tick the last counts, also across tracks', () => {
    const tempo = (us: number) => meta(0x51, [0, us >> 8, us & 255]);
    const { score } = read(
      header(1, 2, 96),
      track([9, ...tempo(700)], [0, ...tempo(800)]),
      track([4, ...tempo(1)], [5, ...tempo(900)], NOTE),
    );
    expect(score.tempos.map((t) => [t.tick, t.microsecondsPerBeat])).toEqual([
      [4, 1],
      [9, 900],
    ]);
  });

  test('the patterns of format 2 do not inherit the tempo and meter before them', () => {
    const { score } = read(
      header(2, 3, 96),
      track(NOTE),
      track([0, ...meta(0x51, [1, 0, 0])], [0, ...meta(0x58, [3, 2, 24, 8])], NOTE),
      track(NOTE),
    );
    expect(score.tempos.map((t) => [t.tick, t.microsecondsPerBeat])).toEqual([
      [96, 65_536],
      [192, 500_000],
    ]);
    expect(score.timeSignatures.map((t) => [t.tick, t.numerator])).toEqual([
      [96, 3],
      [192, 4],
    ]);
  });
});

describe('limits', () => {
  const limited = (limits: Partial<typeof MIDI_LIMITS>) => createStandardMidiReader({ ...MIDI_LIMITS, ...limits });
  const tune = Uint8Array.from(bytesOf(header(1, 2, 96), track(NOTE), track(NOTE)));

  test.each([
    [
      { bytes: tune.length - 1 },
      `byte ${tune.length - 1}: the file should have ${tune.length - 1} bytes or fewer, got ${tune.length}`,
    ],
    [{ events: 5 }, 'byte 50: there are more than 5 events'],
    [{ tracks: 1 }, 'byte 34: there are more than 1 tracks'],
    [{ seconds: 0.4 }, 'byte 30: the music should last 0.4 seconds or less, got more'],
  ])('%j', (limits, message) => {
    expect(() => limited(limits).read(tune)).toThrow(message);
  });

  test('what is just within them is read', () => {
    const limits = { bytes: tune.length, events: 6, tracks: 2, seconds: 0.5 };
    expect(limited(limits).read(tune).score.tracks).toHaveLength(2);
  });

  test('a million empty tracks are refused at once', () => {
    const bytes = new Uint8Array(14 + 8_000_000);
    bytes.set(header(1, 65_535, 96));
    for (let at = 14; at < bytes.length; at += 8) bytes.set([0x4d, 0x54, 0x72, 0x6b], at);
    expect(() => reader.read(bytes)).toThrow('byte 524294: there are more than 65535 tracks');
  });
});

describe('time is linear', () => {
  const chunkOf = (events: number[]): Uint8Array =>
    Uint8Array.from(
      [header(1, 1, 96), bytesOf('MTrk', u32(events.length + END.length)), events, END].flatMap((part) => part),
    );
  const MANY = 200_000;
  const repeat = (event: number[]): number[] =>
    Array.from({ length: MANY * event.length }, (_, i) => event[i % event.length]!);
  const STARTS = repeat([0, 0x90, 60, 64]);
  const ENDS = repeat([0, 0x80, 60, 64]);

  test.each([
    ['one after the other', chunkOf(repeat([0, 0x90, 60, 64, 1, 0x80, 60, 64])), 0],
    ['all at once', chunkOf([...STARTS, 1, 0xb0, 1, 1, ...ENDS]), 0],
    ['never released', chunkOf([...STARTS, 1, 0xb0, 1, 1]), 1],
  ])('200,000 notes, %s', (_, bytes, warnings) => {
    const spent = startStopwatch();
    const reading = reader.read(bytes);
    expect(spent()).toBeLessThan(3_000);
    expect(reading.score.tracks[0]!.notes).toHaveLength(MANY);
    expect(reading.score.tracks[0]!.notes.every((note) => note.durationTicks === 1)).toBe(true);
    expect(reading.warnings).toHaveLength(warnings);
  });

  test('warnings are counted, not kept, once there are a hundred', () => {
    const { warnings } = reader.read(chunkOf(repeat([0, 0xff, 0x51, 0])));
    expect(warnings).toHaveLength(101);
    expect(warnings[100]!.message).toBe('and 199900 more things are wrong');
  });
});

test('mutants of any tune give a valid score or a MidiError', () => {
  const writer = createStandardMidiWriter();
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    value: fc.nat(255),
    remove: fc.nat(3),
    kind: fc.nat(9),
  });
  fc.assert(
    fc.property(arbitraryScores, fc.array(change, { minLength: 1, maxLength: 6 }), (score, changes) => {
      const bytes = [...writer.write(score)];
      for (const { at, value, remove, kind } of changes) {
        const place = Math.floor(at * bytes.length);
        if (kind === 0) bytes.splice(place);
        else bytes.splice(place, remove, ...Array<number>(kind % 4).fill(kind > 6 ? 0xff : value));
      }
      readOrError(reader, Uint8Array.from(bytes));
    }),
    { numRuns: 500 },
  );
});
