import { performance } from 'node:perf_hooks';
import type { Clock } from '../../ports/clock.js';

/** Milliseconds since the program started; unlike the date it never jumps. */
export const monotonicClock: Clock = { now: () => performance.now() };
