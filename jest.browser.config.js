import base from './jest.config.js';

/** The tests that need a browser, Debian's Chromium or the one that APOLLO_BROWSER names. They fail, never skip, without it. */
export default {
  ...base,
  roots: ['<rootDir>/test/browser'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
};
