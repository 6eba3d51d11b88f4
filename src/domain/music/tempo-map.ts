import type { Score } from './score.js';

/** 120 beats a minute: what holds before the first tempo of a score. */
export const DEFAULT_MICROSECONDS_PER_BEAT = 500_000;

/** Seconds from the start of a score to a tick, by its tempos. */
export function secondsAt({ tempos, ticksPerBeat }: Score, tick: number): number {
  let [microseconds, from, perBeat] = [0, 0, DEFAULT_MICROSECONDS_PER_BEAT];
  for (const tempo of tempos) {
    if (tempo.tick >= tick) break;
    microseconds += ((tempo.tick - from) / ticksPerBeat) * perBeat;
    [from, perBeat] = [tempo.tick, tempo.microsecondsPerBeat];
  }
  return (microseconds + ((tick - from) / ticksPerBeat) * perBeat) / 1e6;
}
