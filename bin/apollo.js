#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/app/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('apollo: the program is not built yet; run: npm run build\n');
  process.exitCode = 1;
}
