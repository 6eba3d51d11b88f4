#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadMain } from './program.js';

if (existsSync(new URL('../dist/bundle/main.js', import.meta.url))) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const main = await loadMain();
  process.exitCode = await main(process.argv.slice(2), {
    version,
    root: fileURLToPath(new URL('..', import.meta.url)),
  });
} else {
  process.stderr.write('apollo: the program is not built yet; run: npm run build\n');
  process.exitCode = 1;
}
