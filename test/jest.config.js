import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// The TensorFlow library of the engine tests would log into the report.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

/** Suites with a script of their own: they need a browser, the real tunes, other engines, or minutes and Linux tools. */
const SPECIAL_FOLDERS = ['browser', 'corpus', 'engines', 'reliability'];

/** The inner loop: the domain, the contracts of the ports on fakes, use cases, documents. They need no build. */
const FAST_FOLDERS = ['domain', 'support/fakes', 'app', 'docs'];

/** Tests in those folders that take longer than they help in the inner loop: the whole program, a training. */
const SLOW_TESTS = ['app/wiring', 'domain/training/apollo-step.test.ts'];

const base = {
  rootDir: root,
  testEnvironment: './test/node-environment.mjs', // repairs what jest's realms do to native add-ons
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

const inTest = (names) => names.map((name) => `${root}test/${name}`);
const project = (displayName, settings) => ({ ...base, displayName, ...settings });
const special = (name) => project(name, { roots: inTest([name]) });

/** `--selectProjects NAME` runs one of them. Tests that lack what they need fail, they are never skipped. */
export default {
  testTimeout: 60_000, // some tests start programs, and a busy machine is slow
  projects: [
    project('all', { roots: inTest(['']), testPathIgnorePatterns: ['/node_modules/', ...inTest(SPECIAL_FOLDERS)] }),
    project('fast', {
      roots: inTest(FAST_FOLDERS),
      testPathIgnorePatterns: ['/node_modules/', ...inTest(SLOW_TESTS)],
    }),
    special('browser'),
    special('corpus'),
    special('engines'),
    special('reliability'),
  ],
};
