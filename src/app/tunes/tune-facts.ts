import { isBlank, type PianoRoll } from '../../domain/roll/piano-roll.js';
import type { RollFormat } from '../../domain/roll/roll-format.js';
import type { ScoreOptions } from '../../domain/roll/score-from-roll.js';
import { countNotes, type Score } from '../../domain/music/score.js';
import type { TuneFacts } from '../../ports/tune-writer.js';

export function computeTuneFacts(score: Score, roll: PianoRoll): TuneFacts {
  let [low, high] = [Infinity, -Infinity];
  for (const { notes } of score.tracks) {
    for (const { pitch } of notes) {
      low = Math.min(low, pitch);
      high = Math.max(high, pitch);
    }
  }
  const blank = isBlank(roll);
  const secondsPerTick = score.tempos[0]!.microsecondsPerBeat / 1e6 / score.ticksPerBeat;
  return {
    notes: countNotes(score),
    pitchMin: blank ? null : low,
    pitchMax: blank ? null : high,
    seconds: score.endTick * secondsPerTick,
    blank,
  };
}

/** Ticks per beat: the smallest multiple of the columns per beat that is at least 480. */
export function scoreOptions(
  { qpm, program }: { readonly qpm: number; readonly program: number | undefined },
  { columnsPerBeat }: RollFormat,
): ScoreOptions {
  return { qpm, program, ticksPerBeat: columnsPerBeat * Math.ceil(480 / columnsPerBeat) };
}

/** Names the only track `title`. Of several tracks, the first becomes `title: voice` and the others keep their name. */
export function withTitle(score: Score, title: string): Score {
  const name = (voice: string, i: number): string =>
    score.tracks.length === 1 ? title : i === 0 ? `${title}: ${voice}` : voice;
  return { ...score, tracks: score.tracks.map((track, i) => ({ ...track, name: name(track.name, i) })) };
}
