import type { Interruption } from '../../../src/ports/interruption.js';

/** Is interrupted when the test says so. */
export function manualInterruption(): Interruption & { interrupt(): void } {
  let requested = false;
  return {
    get requested() {
      return requested;
    },
    interrupt() {
      requested = true;
    },
  };
}
