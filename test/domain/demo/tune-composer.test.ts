import { describe, expect, it } from '@jest/globals';
import { blankRoll } from '../../../src/domain/roll/piano-roll.js';
import { rollsFromScore } from '../../../src/domain/roll/quantize.js';
import { DEFAULT_ROLL_FORMAT } from '../../../src/domain/roll/roll-format.js';
import { compareNotes, endOfNote, type Note, type Score } from '../../../src/domain/music/score.js';
import { composeDemoTune } from '../../../src/domain/demo/tune-composer.js';
import { randomStream } from '../../../src/domain/random.js';

const TUNES = Array.from({ length: 60 }, (_, i) => composeDemoTune(randomStream(7, 'tunes', i)));
const [melodyOf, chordsOf] = [0, 1].map((track) => (score: Score) => score.tracks[track]!.notes) as [
  (score: Score) => readonly Note[],
  (score: Score) => readonly Note[],
];
const barTicks = ({ timeSignatures: [time], ticksPerBeat }: Score): number =>
  (time!.numerator * 4 * ticksPerBeat) / time!.denominator;
/** Notes of a part of the tune, counted from its start. */
const part = (score: Score, from: number, to: number): Note[] =>
  score.tracks
    .flatMap((track) => track.notes)
    .filter((note) => note.startTick >= from && note.startTick < to)
    .map((note) => ({ ...note, startTick: note.startTick - from }))
    .sort(compareNotes);
/** Pitch classes of a key signature: seven neighbours on the circle of fifths. */
const classesOf = ({ keySignatures: [key] }: Score): number[] =>
  Array.from({ length: 7 }, (_, i) => ((((key!.sharps - 1 + i) * 7) % 12) + 12) % 12);

describe('composeDemoTune', () => {
  it('depends only on the random numbers, and no two tunes are equal', () => {
    expect(composeDemoTune(randomStream(7, 'tunes', 3))).toEqual(TUNES[3]);
    expect(new Set(TUNES.map((tune) => JSON.stringify(tune.tracks))).size).toBe(TUNES.length);
    expect(composeDemoTune(randomStream(8, 'tunes', 3))).not.toEqual(TUNES[3]);
  });

  it('keeps to the scale of its key signature, and to the pitches 36..93', () => {
    for (const tune of TUNES) {
      const classes = classesOf(tune);
      for (const note of tune.tracks.flatMap((track) => track.notes)) {
        expect(classes).toContain(note.pitch % 12);
        expect(note.pitch >= 36 && note.pitch <= 93).toBe(true);
      }
    }
  });

  it('has the form AABB, to the tick, of two different sections', () => {
    for (const tune of TUNES) {
      const section = 8 * barTicks(tune);
      expect(tune.endTick).toBe(4 * section);
      const [a, again, b, bAgain] = [0, 1, 2, 3].map((i) => part(tune, i * section, (i + 1) * section));
      expect(again).toEqual(a);
      expect(bAgain).toEqual(b);
      expect(b).not.toEqual(a);
    }
    const short = composeDemoTune(randomStream(7, 'tunes', 0), { sectionBars: 4 });
    expect(short.endTick).toBe(16 * barTicks(short));
  });

  it('ends each section on the tonic over its chord, and its first half on the dominant chord', () => {
    for (const tune of TUNES) {
      const bar = barTicks(tune);
      const chordOf = (i: number): number[] => {
        const notes = chordsOf(tune).filter((note) => note.startTick >= i * bar && note.startTick < (i + 1) * bar);
        return [...new Set(notes.map((note) => note.pitch % 12))];
      };
      const lastOf = (i: number): Note =>
        melodyOf(tune)
          .filter((note) => note.startTick < (i + 1) * bar)
          .at(-1)!;
      const tonic = lastOf(31).pitch % 12;
      for (const i of [7, 15, 23, 31]) {
        expect(lastOf(i).pitch % 12).toBe(tonic);
        expect(chordOf(i)[0]).toBe(tonic);
      }
      for (const i of [3, 11, 19, 27]) {
        expect((((chordOf(i)[0]! - tonic) % 12) + 12) % 12).toBe(7);
        expect(chordOf(i)).toContain(lastOf(i).pitch % 12);
      }
    }
  });

  it('moves mostly by step', () => {
    const steps = TUNES.flatMap((tune) => {
      const pitches = melodyOf(tune).map((note) => note.pitch);
      return pitches.slice(1).map((pitch, i) => Math.abs(pitch - pitches[i]!));
    });
    const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
    expect(mean).toBeGreaterThan(1.6);
    expect(mean).toBeLessThan(2.6);
    expect(steps.filter((step) => step === 1 || step === 2).length / steps.length).toBeGreaterThan(0.55);
  });

  it('has a monophonic melody without gaps above the chords', () => {
    for (const tune of TUNES) {
      const melody = melodyOf(tune);
      melody.slice(1).forEach((note, i) => expect(note.startTick).toBe(endOfNote(melody[i]!)));
      expect(endOfNote(melody.at(-1)!)).toBe(tune.endTick);
      const highestChord = Math.max(...chordsOf(tune).map((note) => note.pitch));
      expect(Math.min(...melody.map((note) => note.pitch))).toBeGreaterThan(highestChord);
    }
  });

  it('fits one roll, up to the last column in 4/4, with no note outside', () => {
    for (const tune of TUNES.slice(0, 30)) {
      const { rolls, notesOutside } = rollsFromScore(tune, DEFAULT_ROLL_FORMAT);
      expect(rolls).toHaveLength(1);
      expect(notesOutside).toBe(0);
      const { columns } = DEFAULT_ROLL_FORMAT;
      const used = rolls[0]!.cells.reduce((last, cell, i) => (cell ? Math.max(last, i % columns) : last), 0) + 1;
      expect(used).toBe(
        tune.timeSignatures[0]!.denominator === 4 && tune.timeSignatures[0]!.numerator === 4 ? 256 : 192,
      );
      expect(rolls[0]!.cells).not.toEqual(blankRoll(DEFAULT_ROLL_FORMAT).cells);
    }
  });

  it('uses several meters, keys and tempos', () => {
    expect(new Set(TUNES.map(({ timeSignatures: [t] }) => `${t!.numerator}/${t!.denominator}`))).toEqual(
      new Set(['4/4', '3/4', '6/8']),
    );
    expect(new Set(TUNES.map(({ keySignatures: [k] }) => k!.sharps)).size).toBeGreaterThan(4);
    expect(new Set(TUNES.map(({ tempos: [t] }) => t!.microsecondsPerBeat)).size).toBeGreaterThan(15);
  });
});
