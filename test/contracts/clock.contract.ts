import { describe, expect, it } from '@jest/globals';
import type { Clock } from '../../src/ports/clock.js';

/** What every Clock promises. `wait` lets 20 milliseconds or more pass on it. */
export function clockContract(name: string, make: () => { readonly clock: Clock; wait(): Promise<void> }): void {
  describe(`Clock: ${name}`, () => {
    it('counts milliseconds and never goes back', async () => {
      const { clock, wait } = make();
      const times = Array.from({ length: 50 }, () => clock.now());
      await wait();
      times.push(clock.now());
      expect(times.every((time, i) => i === 0 || time >= times[i - 1]!)).toBe(true);
      const passed = times.at(-1)! - times[0]!;
      expect(passed).toBeGreaterThanOrEqual(19);
      expect(passed).toBeLessThan(10_000);
    });
  });
}
