import { expect } from '@jest/globals';
import { MidiError } from '../../../src/domain/midi/midi-error.js';
import { compareNotes, endOfNote, type Note, type Score } from '../../../src/domain/music/score.js';
import type { MidiReader, MidiReadResult } from '../../../src/ports/midi-reader.js';

/** Reads a file. Returns a result that keeps the port's promises, or the MidiError. Anything else fails the test. */
export function readOrError(reader: MidiReader, bytes: Uint8Array): MidiReadResult | MidiError {
  let reading: MidiReadResult;
  try {
    reading = reader.read(bytes);
  } catch (error) {
    if (!(error instanceof MidiError)) throw error;
    expect(error.code).toMatch(/^MIDI_[A-Z_]+$/);
    expectWhole(error.offset, 0, bytes.length);
    return error;
  }
  expectValidScore(reading.score);
  for (const { offset } of reading.warnings) expectWhole(offset, 0, bytes.length);
  return reading;
}

/** One loop without `expect` in it, which would make a test of a thousand files slow. */
export function expectValidScore(score: Score): void {
  const wrong: unknown[] = [];
  const whole = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high;
  const tick = (value: number): boolean => whole(value, 0, Number.MAX_SAFE_INTEGER);
  if (!whole(score.ticksPerBeat, 1, 32_767) || !tick(score.endTick)) wrong.push(score.ticksPerBeat, score.endTick);
  wrong.push(
    ...score.tempos.filter((tempo) => !tick(tempo.tick) || !whole(tempo.microsecondsPerBeat, 1, 0xffffff)),
    ...score.timeSignatures.filter(
      (time) => !tick(time.tick) || !whole(time.numerator, 1, 255) || !whole(Math.log2(time.denominator), 0, 7),
    ),
    ...score.keySignatures.filter((key) => !tick(key.tick) || !whole(key.sharps, -7, 7)),
  );
  for (const changes of [score.tempos, score.timeSignatures, score.keySignatures]) {
    wrong.push(...changes.filter((change, i) => i > 0 && change.tick <= changes[i - 1]!.tick));
  }
  for (const { name, program, notes } of score.tracks) {
    if (typeof name !== 'string' || !whole(program, 0, 127)) wrong.push(name, program);
    wrong.push(
      ...notes.filter((note) => !isNote(note) || endOfNote(note) > score.endTick || note.channel !== notes[0]!.channel),
    );
    wrong.push(...notes.filter((note, i) => i > 0 && compareNotes(notes[i - 1]!, note) > 0));
  }
  expect(wrong).toEqual([]);

  function isNote({ pitch, velocity, startTick, durationTicks, channel }: Note): boolean {
    return (
      whole(pitch, 0, 127) && whole(velocity, 1, 127) && tick(startTick) && tick(durationTicks) && whole(channel, 0, 15)
    );
  }
}

function expectWhole(value: number, low: number, high: number): void {
  expect(Number.isInteger(value) && value >= low && value <= high).toBe(true);
}
