import { availableParallelism, freemem, totalmem } from 'node:os';
import type { Machine } from '../../ports/machine.js';

export const thisMachine: Machine = {
  facts() {
    // In a container the limit of the container counts, not the memory of the machine around it.
    const limit = process.constrainedMemory() ?? 0;
    const total = limit > 0 && limit < totalmem() ? limit : totalmem();
    return {
      platform: `${process.platform} ${process.arch}`,
      node: process.versions.node,
      cores: availableParallelism(),
      memory: { total, free: Math.min(total, freemem()) },
    };
  },
};
