export default {
  testEnvironment: './test/node-environment.mjs', // mends what jest's realms do to native add-ons
  roots: ['<rootDir>/test'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/corpus/',
    '<rootDir>/test/engines/',
    '<rootDir>/test/browser/',
    '<rootDir>/test/reliability/',
  ],
  testTimeout: 60_000, // some tests start programs, and a busy machine is slow
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
