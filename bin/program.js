// The program: one file with the code that V8 made of it when it was built, or its parts where V8 does not take that code, which
// must be of its own version on a like processor. To find and compile the parts takes a fifth of composing a tune.
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
  return new Script(readFileSync(filename, 'latin1'), { filename, cachedData }); // it is ASCII, which is read fastest so
}

/** @param {Script} script */
export function mainOf(script) {
  const module = { exports: {} };
  const importModule = (name) => import(name.startsWith('./') ? new URL(name, url) : name);
  script.runInThisContext()(module, createRequire(url), importModule, new URL('threads.js', url).href);
  return module.exports.main;
}
