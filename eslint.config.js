import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import ts from 'typescript-eslint';

/** What makes a result depend on anything but its inputs. */
const CHANCE_AND_TIME = [
  { object: 'Math', property: 'random', message: 'Take a Random (src/domain/random.ts): same seed, same bytes.' },
  { object: 'Date', property: 'now', message: 'Take the time as an argument, or a Clock in a use case.' },
  { object: 'performance', property: 'now', message: 'Take a Clock.' },
];

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'out/', 'runs/', 'data/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...ts.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // An index that a loop's bounds keep in range is the common case in numeric code.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      eqeqeq: 'error',
      'no-control-regex': 'off', // files and terminals are full of control characters
      'no-console': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name: a name is found by searching.' },
        { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 40, IIFEs: true }],
      'max-params': ['error', 5],
    },
  },
  {
    files: ['src/{domain,ports,app}/**/*.ts'],
    rules: { 'no-restricted-properties': ['error', ...CHANCE_AND_TIME] },
  },
  {
    files: ['src/domain/**/*.ts', 'src/ports/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'Date',
          'performance',
          'process',
          'Buffer',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'fetch',
          'crypto',
        ].map((name) => ({ name, message: 'The domain is pure: pass it in.' })),
      ],
    },
  },
  {
    files: ['src/page/**/*.ts'],
    languageOptions: { sourceType: 'script' },
    rules: { '@typescript-eslint/no-unused-vars': ['error', { vars: 'local' }] }, // scripts that use each other's names
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-empty-function': 'off',
      'no-loss-of-precision': 'off', // expected values keep all digits of their source
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        module: 'writable',
        performance: 'readonly',
      },
    },
  },
  prettier,
  {
    // After prettier's rules, which switch this one off: prettier wraps code, but neither comments nor strings.
    files: ['**/*.ts', '**/*.js', '**/*.mjs'],
    rules: { 'max-len': ['error', { code: 120, comments: 120, ignorePattern: '^import |https?://' }] },
  },
);
