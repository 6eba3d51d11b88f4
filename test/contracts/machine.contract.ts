import { describe, expect, it } from '@jest/globals';
import type { Machine } from '../../src/ports/machine.js';

/** What every Machine promises. */
export function machineContract(name: string, make: () => Machine): void {
  describe(`Machine: ${name}`, () => {
    it('has a core or more, and no more free memory than memory', () => {
      const { cores, memory, node, platform } = make().facts();
      expect(Number.isInteger(cores) && cores >= 1).toBe(true);
      expect(memory.total).toBeGreaterThan(0);
      expect(memory.free).toBeLessThanOrEqual(memory.total);
      expect(node).toMatch(/^\d+\.\d+\.\d+/);
      expect(platform).toMatch(/^\w+ \w+$/);
    });
  });
}
