// Bundles a TypeScript module for a browser: node bundle.mjs ENTRY OUT.
// It runs in a process of its own, because esbuild does not work inside a jest realm.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [entry, outfile] = process.argv.slice(2);
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  logLevel: 'warning',
  alias: { '@jest/globals': fileURLToPath(new URL('jest-globals.ts', import.meta.url)) },
});
