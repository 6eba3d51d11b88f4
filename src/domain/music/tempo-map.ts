import type { Score } from './score.js';

/** 120 beats a minute, the tempo before the first tempo event of a score. */
export const DEFAULT_MICROSECONDS_PER_BEAT = 500_000;

type TempoMap = Pick<Score, 'tempos' | 'ticksPerBeat'>;

/** Seconds from the start of a score to a tick. */
export function secondsAt({ tempos, ticksPerBeat }: TempoMap, tick: number): number {
  let [microseconds, from, perBeat] = [0, 0, DEFAULT_MICROSECONDS_PER_BEAT];
  for (const tempo of tempos) {
    if (tempo.tick >= tick) break;
    microseconds += ((tempo.tick - from) / ticksPerBeat) * perBeat;
    [from, perBeat] = [tempo.tick, tempo.microsecondsPerBeat];
  }
  return (microseconds + ((tick - from) / ticksPerBeat) * perBeat) / 1e6;
}

/** `secondsAt` for many ticks of one score: a call takes O(log(number of tempos)). */
export function createTickToSeconds({ tempos, ticksPerBeat }: TempoMap): (tick: number) => number {
  const steps = [{ tick: 0, microseconds: 0, perBeat: DEFAULT_MICROSECONDS_PER_BEAT }];
  for (const { tick, microsecondsPerBeat } of tempos) {
    const last = steps.at(-1)!;
    const microseconds = last.microseconds + ((tick - last.tick) / ticksPerBeat) * last.perBeat;
    steps.push({ tick, microseconds, perBeat: microsecondsPerBeat });
  }
  return (tick) => {
    let [low, high] = [0, steps.length - 1]; // steps[low] is at or before the tick
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (steps[middle]!.tick <= tick) low = middle;
      else high = middle - 1;
    }
    const step = steps[low]!;
    return (step.microseconds + ((tick - step.tick) / ticksPerBeat) * step.perBeat) / 1e6;
  };
}
