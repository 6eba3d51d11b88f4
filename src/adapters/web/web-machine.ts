import type { Machine } from '../../ports/machine.js';

/** The machine as a browser describes it: its cores. The memory is unknown and counts as unlimited. */
export const webMachine: Machine = {
  facts: () => ({
    platform: 'browser',
    node: 'none',
    cores: (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator?.hardwareConcurrency ?? 1,
    memory: { total: Infinity, free: Infinity },
  }),
};
