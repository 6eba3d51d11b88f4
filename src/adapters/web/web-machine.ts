import type { Machine } from '../../ports/machine.js';

/** What a browser tells of the machine: its cores. It does not tell the memory, which counts as unlimited. */
export const webMachine: Machine = {
  facts: () => ({
    platform: 'browser',
    node: 'none',
    cores: (globalThis as { navigator?: { hardwareConcurrency?: number } }).navigator?.hardwareConcurrency ?? 1,
    memory: { total: Infinity, free: Infinity },
  }),
};
