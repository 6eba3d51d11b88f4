import type { Clock } from '../../../src/ports/clock.js';

/** Stands still until it is told to go on. */
export function manualClock(): Clock & { advance(milliseconds: number): void } {
  let now = 0;
  return {
    now: () => now,
    advance(milliseconds) {
      now += milliseconds;
    },
  };
}
