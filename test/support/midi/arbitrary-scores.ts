import fc from 'fast-check';
import { MIDI_LIMITS } from '../../../src/domain/midi/midi-limits.js';
import { compareNotes, endOfNote, type Note, type Score, type Track } from '../../../src/domain/music/score.js';
import { secondsAt } from '../../../src/domain/music/tempo-map.js';

/**
 * Scores as a reader gives them: one MIDI channel for each track, names or notes in each track, one tempo a tick.
 * Of the notes of one pitch the first to start ends first, because a MIDI file cannot say otherwise. All are shorter
 * than 24 hours.
 */
export const arbitraryScores: fc.Arbitrary<Score> = fc
  .record({
    ticksPerBeat: fc.integer({ min: 1, max: 32_767 }),
    tempos: at({ microsecondsPerBeat: fc.integer({ min: 1, max: 0xffffff }) }),
    timeSignatures: at({
      numerator: fc.integer({ min: 1, max: 255 }),
      denominator: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 128),
    }),
    keySignatures: at({
      sharps: fc.integer({ min: -7, max: 7 }),
      mode: fc.constantFrom('major' as const, 'minor' as const),
    }),
    tracks: fc.array(arbitraryTrack(), { maxLength: 4 }),
    silence: fc.oneof(fc.nat(9), fc.nat(100_000)),
  })
  .map(({ silence, ...score }) => {
    const ticks = [...score.tempos, ...score.timeSignatures, ...score.keySignatures].map(({ tick }) => tick);
    const ends = score.tracks.flatMap(({ notes }) => notes.map(endOfNote));
    const tracks = score.tracks.map((track, i) =>
      track.notes.length === 0 && track.name === '' ? { ...track, name: `T${i}` } : track,
    );
    return { ...score, tracks, endTick: Math.max(0, ...ticks, ...ends) + silence };
  })
  .filter((score) => secondsAt(score, score.endTick) < MIDI_LIMITS.seconds);

/** Values at up to three ticks. */
function at<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<(T & { tick: number })[]> {
  return fc
    .uniqueArray(
      fc.record({ tick: fc.oneof(fc.nat(500), fc.nat(50_000)), ...fields }) as unknown as fc.Arbitrary<
        T & { tick: number }
      >,
      {
        selector: ({ tick }) => tick,
        maxLength: 3,
      },
    )
    .map((events) => events.sort((a, b) => a.tick - b.tick));
}

function arbitraryTrack(): fc.Arbitrary<Track> {
  const notes = fc.array(
    fc.record({
      // Few pitches and short times, so that notes meet, touch and overlap; and all the others.
      pitch: fc.oneof(fc.integer({ min: 60, max: 61 }), fc.nat(127)),
      velocity: fc.integer({ min: 1, max: 127 }),
      startTick: fc.oneof(fc.nat(8), fc.nat(1000), fc.nat(1_000_000)),
      durationTicks: fc.oneof(fc.nat(8), fc.nat(200), fc.nat(20_000)),
    }),
    { maxLength: 12 },
  );
  return fc
    .record({ name: fc.string({ unit: 'grapheme', maxLength: 12 }), program: fc.nat(127), channel: fc.nat(15), notes })
    .map(({ notes: drawn, channel, ...track }) => ({
      ...track,
      notes: firstInFirstOut(drawn.map((note) => ({ ...note, channel }))),
    }));
}

/** Swaps the ends of notes of one pitch until they are in the order of the starts. */
function firstInFirstOut(notes: readonly Note[]): Note[] {
  const ordered = [...notes].sort(compareNotes);
  for (const pitch of new Set(notes.map((note) => note.pitch))) {
    const same = ordered.filter((note) => note.pitch === pitch);
    const ends = same.map(endOfNote).sort((a, b) => a - b);
    same.forEach((note, i) => (ordered[ordered.indexOf(note)] = { ...note, durationTicks: ends[i]! - note.startTick }));
  }
  return ordered.sort(compareNotes);
}
