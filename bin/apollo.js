#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';

const program = new URL('../dist/bundle/main.js', import.meta.url);
if (existsSync(program)) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const { main } = await import(program.href);
  process.exitCode = await main(process.argv.slice(2), version);
} else {
  process.stderr.write('apollo: the program is not built yet; run: npm run build\n');
  process.exitCode = 1;
}
