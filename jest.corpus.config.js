import base from './jest.config.js';

/** The tests that need the real tunes. They fail, never skip, when the folder is missing. */
export default { ...base, roots: ['<rootDir>/test/corpus'], testPathIgnorePatterns: ['/node_modules/'] };
