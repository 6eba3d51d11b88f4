import base from './jest.config.js';

/** Killed runs, full disks, damaged files: minutes, and tools that a fresh clone need not have. They fail, never skip, without them. */
export default {
  ...base,
  roots: ['<rootDir>/test/reliability'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 600_000,
  maxWorkers: 2,
};
