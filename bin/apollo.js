#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { CODE_CACHE, compileProgram, mainOf } from './program.js';

const bundle = new URL('../dist/bundle/main.js', import.meta.url);
if (existsSync(bundle)) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const main = compiledMain() ?? (await import(bundle.href)).main;
  process.exitCode = await main(process.argv.slice(2), version);
} else {
  process.stderr.write('apollo: the program is not built yet; run: npm run build\n');
  process.exitCode = 1;
}

/** The program out of the code cache; undefined without one for this Node.js. */
function compiledMain() {
  try {
    const script = compileProgram(readFileSync(CODE_CACHE));
    return script.cachedDataRejected ? undefined : mainOf(script);
  } catch {
    return undefined;
  }
}
