import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MidiError } from '../../src/domain/midi/midi-error.js';
import type { Score } from '../../src/domain/music/score.js';
import type { MidiReader } from '../../src/ports/midi-reader.js';
import type { MidiWriter } from '../../src/ports/midi-writer.js';
import { arbitraryScores } from '../support/midi/arbitrary-scores.js';
import { expectValidScore, readOrError } from '../support/midi/midi-assertions.js';
import { bytesOf, type Bytes, header, meta, track, variableLengthQuantity } from '../support/midi/smf-bytes.js';

/** A file and what it says. */
interface MidiCase {
  readonly smf: Uint8Array;
  readonly expectedScore: Score;
}

/**
 * The promises of MidiReader and MidiWriter, one test each.
 * @param encode the bytes by which a pair says a case: those of the Standard MIDI File, but for a fake with bytes of
 *   its own
 */
export function midiContract(
  name: string,
  make: () => Promise<{ readonly reader: MidiReader; readonly writer: MidiWriter }>,
  encode: (file: MidiCase, writer: MidiWriter) => Uint8Array = ({ smf }) => smf,
): void {
  describe(`${name} keeps the promises of MidiReader and MidiWriter`, () => {
    let reader: MidiReader;
    let writer: MidiWriter;
    beforeAll(async () => ({ reader, writer } = await make()));

    const expectMeaning = (file: MidiCase): void => {
      const { score, warnings } = reader.read(encode(file, writer));
      expect(score).toEqual(file.expectedScore);
      expect(warnings).toEqual([]);
    };

    test('a well-formed file gives its notes, tempos, signatures, names and programs', () => {
      expectMeaning(TUNE);
    });

    test('formats 0 and 1, running status and any ticks per beat are understood', () => {
      expectMeaning(FORMAT_0);
      for (const ticksPerBeat of [1, 2, 3, 7, 24, 96, 120, 480, 960, 1024, 10_080, 32_767]) {
        expectMeaning(runningStatus(ticksPerBeat));
      }
    });

    test('a note-on with velocity 0 ends a note; overlapping notes of one pitch end first in, first out', () => {
      expectMeaning(OVERLAPPING);
    });

    test('accepted scores hold whole numbers in their ranges only', () => {
      for (const pitch of Array.from({ length: 128 }, (_, i) => i)) {
        const velocity = Math.max(1, 127 - pitch);
        const { score } = reader.read(encode(oneNote(pitch, velocity), writer));
        expectValidScore(score);
        expect(score.tracks[0]!.notes).toEqual([{ pitch, velocity, startTick: 5, durationTicks: 300, channel: 2 }]);
      }
    });

    test('anything else throws MidiError with a code and a byte offset, and nothing else is ever thrown', () => {
      const errors = [
        [],
        [...'GIF89a'].map((c) => c.charCodeAt(0)),
        new Array<number>(100).fill(0),
        new Array<number>(9).fill(255),
      ];
      for (const bytes of errors) expect(readOrError(reader, Uint8Array.from(bytes))).toBeInstanceOf(MidiError);
      const file = encode(TUNE, writer);
      const change = fc.record({ at: fc.nat(file.length - 1), value: fc.nat(255), remove: fc.nat(2) });
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), fc.nat(file.length), (changes, length) => {
          const bytes = [...file];
          for (const { at, value, remove } of changes) bytes.splice(at, remove, value);
          readOrError(reader, Uint8Array.from(bytes));
          readOrError(reader, Uint8Array.from(bytes).subarray(0, length));
        }),
        { numRuns: 300 },
      );
    });

    test('the bytes are left as they were, also as a part of a larger buffer', () => {
      const file = encode(TUNE, writer);
      const buffer = new Uint8Array(file.length + 20).fill(0x4d);
      buffer.set(file, 13);
      const before = buffer.slice();
      expect(reader.read(buffer.subarray(13, 13 + file.length)).score).toEqual(TUNE.expectedScore);
      expect(buffer).toEqual(before);
    });

    test('what the reader reads from the bytes equals the score that was written', () => {
      fc.assert(
        fc.property(arbitraryScores, (score) => {
          expect(reader.read(writer.write(score)).score).toEqual(score);
        }),
      );
    });

    test('equal scores give equal bytes', () => {
      fc.assert(
        fc.property(arbitraryScores, (score) => {
          const copy = JSON.parse(JSON.stringify(score)) as Score;
          expect(writer.write(copy)).toEqual(writer.write(score));
        }),
        { numRuns: 20 },
      );
    });
  });
}

const smf = (...parts: Bytes): Uint8Array => Uint8Array.from(bytesOf(...parts));
const note = (pitch: number, velocity: number, startTick: number, durationTicks: number, channel = 0) => ({
  pitch,
  velocity,
  startTick,
  durationTicks,
  channel,
});
const NOTHING = { tempos: [], timeSignatures: [], keySignatures: [] };

/** Two voices and a conductor, the deltas over one byte, a tempo and a key that change, a chord, a control change. */
const TUNE: MidiCase = {
  smf: smf(
    header(1, 3, 96),
    track(
      [0, ...meta(0x58, [6, 3, 24, 8])],
      [0, ...meta(0x59, [0xfd, 1])],
      [0, ...meta(0x51, [0x09, 0x27, 0xc0])],
      [...variableLengthQuantity(500), ...meta(0x51, [0x07, 0xa1, 0x20])],
      [0, ...meta(0x59, [2, 0])],
    ),
    track(
      [0, ...meta(0x03, 'Fl\xc3\xb6te')],
      [0, 0xc0, 73],
      [0, 0xb0, 7, 100],
      [0, 0x90, 74, 1],
      [0, 0x90, 77, 127],
      [...variableLengthQuantity(200), 0x80, 74, 64],
      [...variableLengthQuantity(300), 0x80, 77, 0],
    ),
    track(
      [0, ...meta(0x03, 'Bass')],
      [0, 0xc5, 33],
      [96, 0x95, 36, 90],
      [...variableLengthQuantity(1000), 0x85, 36, 0],
    ),
  ),
  expectedScore: {
    ticksPerBeat: 96,
    tempos: [
      { tick: 0, microsecondsPerBeat: 600_000 },
      { tick: 500, microsecondsPerBeat: 500_000 },
    ],
    timeSignatures: [{ tick: 0, numerator: 6, denominator: 8 }],
    keySignatures: [
      { tick: 0, sharps: -3, mode: 'minor' },
      { tick: 500, sharps: 2, mode: 'major' },
    ],
    tracks: [
      { name: 'Flöte', program: 73, notes: [note(74, 1, 0, 200), note(77, 127, 0, 500)] },
      { name: 'Bass', program: 33, notes: [note(36, 90, 96, 1000, 5)] },
    ],
    endTick: 1096,
  },
};

const FORMAT_0: MidiCase = {
  smf: smf(
    header(0, 1, 480),
    track([0, 0xc1, 40], [0, 0xc9, 0], [0, 0x91, 60, 80], [0, 0x99, 38, 99], [10, 0x89, 38, 0], [70, 0x81, 60, 0]),
  ),
  expectedScore: {
    ...NOTHING,
    ticksPerBeat: 480,
    tracks: [
      { name: '', program: 40, notes: [note(60, 80, 0, 80, 1)] },
      { name: '', program: 0, notes: [note(38, 99, 0, 10, 9)] },
    ],
    endTick: 80,
  },
};

const runningStatus = (ticksPerBeat: number): MidiCase => ({
  smf: smf(header(1, 1, ticksPerBeat), track([0, 0x90, 60, 70], [24, 60, 0], [0, 64, 71], [24, 64, 0])),
  expectedScore: {
    ...NOTHING,
    ticksPerBeat,
    tracks: [{ name: '', program: 0, notes: [note(60, 70, 0, 24), note(64, 71, 24, 24)] }],
    endTick: 48,
  },
});

const OVERLAPPING: MidiCase = {
  smf: smf(
    header(1, 1, 100),
    track(
      [0, 0x90, 60, 10],
      [10, 0x90, 60, 20],
      [5, 0x90, 60, 30],
      [5, 0x90, 60, 0],
      [30, 0x80, 60, 0],
      [1, 0x90, 60, 0],
    ),
  ),
  expectedScore: {
    ...NOTHING,
    ticksPerBeat: 100,
    tracks: [{ name: '', program: 0, notes: [note(60, 10, 0, 20), note(60, 20, 10, 40), note(60, 30, 15, 36)] }],
    endTick: 51,
  },
};

const oneNote = (pitch: number, velocity: number): MidiCase => ({
  smf: smf(header(1, 1, 96), track([5, 0x92, pitch, velocity], [...variableLengthQuantity(300), 0x82, pitch, 0])),
  expectedScore: {
    ...NOTHING,
    ticksPerBeat: 96,
    tracks: [{ name: '', program: 0, notes: [note(pitch, velocity, 5, 300, 2)] }],
    endTick: 305,
  },
});
