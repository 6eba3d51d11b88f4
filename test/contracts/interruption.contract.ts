import { describe, expect, it } from '@jest/globals';
import type { Interruption } from '../../src/ports/interruption.js';

/** What every Interruption promises. */
export function interruptionContract(
  name: string,
  make: () => { readonly interruption: Interruption; interrupt(): void },
): void {
  describe(`Interruption: ${name}`, () => {
    it('is requested from the moment the user asks to stop, and stays so', () => {
      const { interruption, interrupt } = make();
      expect([interruption.requested, interruption.requested]).toEqual([false, false]);
      interrupt();
      expect([interruption.requested, interruption.requested]).toEqual([true, true]);
    });
  });
}
