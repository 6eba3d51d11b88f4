import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseMidi, type MidiEvent } from 'midi-file';
import { createStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import { createStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import type { Score } from '../../../src/domain/music/score.js';
import { arbitraryScores } from '../../support/midi/arbitrary-scores.js';
import { bytesOf, chunk, END, header, meta } from '../../support/midi/smf-bytes.js';

const writer = createStandardMidiWriter();

test('a score, byte for byte', () => {
  const note = (pitch: number, velocity: number, startTick: number, durationTicks: number) => ({
    pitch,
    velocity,
    startTick,
    durationTicks,
    channel: 3,
  });
  const score: Score = {
    ticksPerBeat: 480,
    tempos: [{ tick: 0, microsecondsPerBeat: 600_000 }],
    timeSignatures: [{ tick: 0, numerator: 6, denominator: 8 }],
    keySignatures: [{ tick: 240, sharps: -2, mode: 'minor' }],
    tracks: [
      { name: 'Flöte', program: 73, notes: [note(60, 90, 0, 240), note(60, 91, 240, 200), note(64, 92, 240, 0)] },
    ],
    endTick: 960,
  };
  const conductor = bytesOf(
    [0, ...meta(0x58, [6, 3, 24, 8])],
    [0, ...meta(0x51, [0x09, 0x27, 0xc0])],
    [0x81, 0x70, ...meta(0x59, [0xfe, 1])],
    [0x85, 0x50, 0xff, 0x2f, 0],
  );
  const flute = bytesOf(
    [0, ...meta(0x03, 'Fl\xc3\xb6te')],
    [0, 0xc3, 73],
    [0, 0x93, 60, 90],
    [0x81, 0x70, 0x83, 60, 64],
    [0, 0x93, 60, 91],
    [0, 0x93, 64, 92],
    [0, 0x83, 64, 64],
    [0x81, 0x48, 0x83, 60, 64],
    END,
  );
  expect([...writer.write(score)]).toEqual(bytesOf(header(1, 2, 480), chunk('MTrk', conductor), chunk('MTrk', flute)));
});

/** `on 60 90 @240` for each note event of a track that another reader finds. */
function noteEvents(events: readonly MidiEvent[]): string[] {
  let tick = 0;
  return events.flatMap((event) => {
    tick += event.deltaTime;
    if (event.type === 'noteOn') return [`on ${event.channel} ${event.noteNumber} ${event.velocity} @${tick}`];
    return event.type === 'noteOff' ? [`off ${event.channel} ${event.noteNumber} @${tick}`] : [];
  });
}

test('midi-file finds the same notes in it', () => {
  fc.assert(
    fc.property(arbitraryScores, (score) => {
      const file = parseMidi(writer.write(score));
      expect(file.header).toEqual({
        format: 1,
        numTracks: score.tracks.length + 1,
        ticksPerBeat: score.ticksPerBeat,
      });
      const found = file.tracks.slice(1).map((events) => noteEvents(events).sort());
      const wanted = score.tracks.map(({ notes }) =>
        notes
          .flatMap((n) => [
            `on ${n.channel} ${n.pitch} ${n.velocity} @${n.startTick}`,
            `off ${n.channel} ${n.pitch} @${n.startTick + n.durationTicks}`,
          ])
          .sort(),
      );
      expect(found).toEqual(wanted);
    }),
    { numRuns: 50 },
  );
});

describe('silence', () => {
  const reader = createStandardMidiReader();
  const tune = (startTick: number): Score => ({
    ticksPerBeat: 32_767,
    tempos: [{ tick: 0, microsecondsPerBeat: 1 }],
    timeSignatures: [],
    keySignatures: [],
    tracks: [{ name: '', program: 0, notes: [{ pitch: 60, velocity: 1, startTick, durationTicks: 1, channel: 0 }] }],
    endTick: startTick + 1,
  });

  test.each([2 ** 28 - 1, 2 ** 28, 2 ** 36 + 5])('before tick %i is bridged', (tick) => {
    expect(reader.read(writer.write(tune(tick))).score).toEqual(tune(tick));
  });

  test('past any reason is refused', () => {
    expect(() => writer.write(tune(2 ** 40))).toThrow('the score ends at tick 1099511627777');
  });
});
