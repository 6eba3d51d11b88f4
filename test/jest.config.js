import { fileURLToPath } from 'node:url';

process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // TensorFlow's library would log into the report

const root = fileURLToPath(new URL('..', import.meta.url));

const base = {
  rootDir: root,
  testEnvironment: `${root}test/node-environment.mjs`, // repairs what jest's realms do to native add-ons
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' }, // './x.js' in a TypeScript source is './x.ts'
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};

/** A project of the tests below some folders of test/. */
const project = (displayName, folders, options = {}) => ({
  ...base,
  displayName,
  roots: folders.map((folder) => `<rootDir>/test/${folder}`.replace(/\/$/, '')),
  ...options,
});

/** Tests that need more than a checkout. They fail, never skip, where that is missing. */
const SPECIAL = ['corpus', 'engines', 'browser', 'reliability'];

/** `npm test` runs unit; each other project has a script of its own in package.json. */
export default {
  testTimeout: 60_000, // some tests start programs, and a busy machine is slow
  projects: [
    project('unit', [''], {
      testPathIgnorePatterns: ['/node_modules/', ...SPECIAL.map((folder) => `<rootDir>/test/${folder}/`)],
    }),
    // The inner loop: domain, ports and use cases on fakes, without a build.
    project('fast', ['domain', 'app', 'support', 'adapters/web', 'adapters/inline'], {
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/app/(wiring|export)/', 'apollo-step'],
    }),
    ...SPECIAL.map((folder) => project(folder, [folder])),
  ],
};
