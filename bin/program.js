// Loads the program. It is one file with the code that V8 compiled at build time. V8 takes that code only from its
// own version on a similar processor; elsewhere the bundle of many files runs. To find and compile those takes a
// fifth of the time of composing a tune.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const url = new URL('../dist/bundle/program.cjs', import.meta.url);
const filename = fileURLToPath(url);

/** What runs a command line: (args, { version, root }) => exit code. Rejects where nothing is built. */
export async function loadMain() {
  return compiledMain() ?? (await import(new URL('main.js', url).href)).main;
}

/** undefined without code that this Node.js can use. */
function compiledMain() {
  try {
    const script = compileProgram(readFileSync(CODE_CACHE));
    return script.cachedDataRejected ? undefined : mainOf(script);
  } catch {
    return undefined;
  }
}

/** Where the code is that this Node.js can use. */
export const CODE_CACHE = `${filename}.${process.version}-${process.arch}.cache`;

/** @param {Buffer} [cachedData] the code, which may be rejected; without it all is compiled */
export function compileProgram(cachedData) {
  const source = readFileSync(filename, 'latin1'); // the file is ASCII, and latin1 is the fastest to read
  return new Script(source, { filename, cachedData });
}

/** @param {Script} script */
export function mainOf(script) {
  const module = { exports: {} };
  const importModule = (name) => import(name.startsWith('./') ? new URL(name, url) : name);
  script.runInThisContext()(module, createRequire(url), importModule, new URL('threads.js', url).href);
  return module.exports.main;
}
