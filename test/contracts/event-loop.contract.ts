import { describe, expect, it } from '@jest/globals';
import type { YieldToEventLoop } from '../../src/ports/event-loop.js';

/** What every YieldToEventLoop promises. */
export function eventLoopContract(name: string, yieldToEventLoop: YieldToEventLoop): void {
  describe(`YieldToEventLoop: ${name}`, () => {
    it('resolves after the timers and messages that were due', async () => {
      const seen: string[] = [];
      setTimeout(() => seen.push('timer'), 0);
      const start = Date.now();
      while (Date.now() - start < 5); // the timer is due now
      for (let turn = 0; turn < 3; turn++) await yieldToEventLoop();
      seen.push('after');
      expect(seen).toEqual(['timer', 'after']);
    });

    it('resolves each time, many times in a row', async () => {
      let turns = 0;
      for (; turns < 200; turns++) await yieldToEventLoop();
      expect(turns).toBe(200);
    });
  });
}
