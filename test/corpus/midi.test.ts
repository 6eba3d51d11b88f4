import { describe, expect, test } from '@jest/globals';
import { parseMidi } from 'midi-file';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createStandardMidiReader } from '../../src/adapters/midi/standard-midi-reader.js';
import { createStandardMidiWriter } from '../../src/adapters/midi/standard-midi-writer.js';
import { loadToneMidi } from '../../src/adapters/midi/tonejs-midi.js';
import { rollsFromScore } from '../../src/domain/roll/quantize.js';
import { DEFAULT_ROLL_FORMAT, parseChannels } from '../../src/domain/roll/roll-format.js';
import { scoreFromRoll } from '../../src/domain/roll/score-from-roll.js';
import { compareNotes, countNotes, type Note } from '../../src/domain/music/score.js';

const FOLDER = join(process.cwd(), '../shared/data/nottingham');

/** Fails, never skips, when the tunes are not there. */
function tunes(): { name: string; bytes: Uint8Array }[] {
  let names: string[];
  try {
    names = readdirSync(FOLDER).filter((name) => name.endsWith('.mid'));
  } catch (cause) {
    throw new Error(`these tests need the Nottingham tunes in ${FOLDER}`, { cause });
  }
  return names.sort().map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(FOLDER, name))) }));
}

/** The notes of each track by the events that another reader finds, paired first in, first out. */
function otherNotes(bytes: Uint8Array): Note[][] {
  return parseMidi(bytes)
    .tracks.map((events) => {
      let tick = 0;
      const notes: Note[] = [];
      const open = new Map<string, { pitch: number; velocity: number; startTick: number; channel: number }[]>();
      for (const event of events) {
        tick += event.deltaTime;
        if (event.type !== 'noteOn' && event.type !== 'noteOff') continue;
        const { noteNumber: pitch, channel, velocity } = event;
        const queue = open.get(`${channel} ${pitch}`) ?? [];
        open.set(`${channel} ${pitch}`, queue);
        if (event.type === 'noteOn') queue.push({ pitch, velocity, startTick: tick, channel });
        else if (queue.length > 0) {
          const started = queue.shift()!;
          notes.push({ ...started, durationTicks: tick - started.startTick });
        }
      }
      return notes.sort(compareNotes);
    })
    .filter((notes) => notes.length > 0);
}

describe('the 832 Nottingham tunes', () => {
  const reader = createStandardMidiReader();
  const writer = createStandardMidiWriter();
  const files = tunes();
  const readings = files.map(({ name, bytes }) => ({ name, bytes, ...reader.read(bytes) }));

  test('are all read, without a warning', () => {
    expect(files).toHaveLength(832);
    expect(readings.filter(({ warnings }) => warnings.length > 0)).toEqual([]);
    expect(readings.reduce((sum, { score }) => sum + countNotes(score), 0)).toBe(286_052);
  });

  test('hold the notes that midi-file finds', () => {
    const different = readings.filter(({ bytes, score }) => {
      const ours = score.tracks.filter(({ notes }) => notes.length > 0).map(({ notes }) => notes);
      return (
        JSON.stringify(ours.map((notes) => notes.map(fields))) !==
        JSON.stringify(otherNotes(bytes).map((n) => n.map(fields)))
      );
    });
    expect(different.map(({ name }) => name)).toEqual([]);
  });

  test('come back from the writer as they were', () => {
    const different = readings.filter(
      ({ score }) => JSON.stringify(reader.read(writer.write(score)).score) !== JSON.stringify(score),
    );
    expect(different.map(({ name }) => name)).toEqual([]);
  });

  test('are the same to @tonejs/midi', async () => {
    const tone = await loadToneMidi();
    for (const { bytes, score } of readings.filter((_, i) => i % 40 === 0)) {
      expect(tone.reader.read(bytes).score.tracks).toEqual(score.tracks);
      expect(reader.read(tone.writer.write(score)).score).toEqual(score);
    }
  });

  test('keep their rolls through a score and a file', () => {
    const format = { ...DEFAULT_ROLL_FORMAT, channels: parseChannels('all:sustain,all:onset') };
    for (const { score } of readings.filter((_, i) => i % 10 === 0)) {
      const { rolls, notesOutside } = rollsFromScore(score, format);
      expect(rolls.length).toBeGreaterThan(0);
      expect(notesOutside).toBe(0);
      for (const roll of rolls) {
        const back = rollsFromScore(reader.read(writer.write(scoreFromRoll(roll))).score, format).rolls;
        expect(back).toHaveLength(1);
        expect(Buffer.compare(back[0]!.cells, roll.cells)).toBe(0);
      }
    }
  });
});

const fields = (note: Note): number[] => [note.startTick, note.pitch, note.durationTicks, note.channel, note.velocity];
