// The program in one file, with the code that V8 made of it when it was built. Compiling and finding the fifty files of the
// same program takes a tenth of composing a tune; V8 takes its own code only from the same version on a like processor.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const url = new URL('../dist/bundle/program.cjs', import.meta.url);
const filename = fileURLToPath(url);

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
  script.runInThisContext()(module, createRequire(url), importModule, new URL('container.js', url).href);
  return module.exports.main;
}
