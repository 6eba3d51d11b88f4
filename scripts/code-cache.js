// Runs the program once and stores V8's code cache for bin/program.js. Part of `npm run build`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CODE_CACHE, compileProgram, mainOf } from '../bin/program.js';

const scratch = mkdtempSync(join(tmpdir(), 'apollo-build-'));
try {
  const script = compileProgram();
  const main = mainOf(script);
  for (const command of [
    ['prepare', '--demo', '3', '--out', join(scratch, 'set')],
    ['compose', '--count', '1', '--out', join(scratch, 'tunes')],
  ]) {
    const code = await main(command, { version: 'build', root: fileURLToPath(new URL('..', import.meta.url)) });
    if (code !== 0) throw new Error(`apollo ${command.join(' ')} exited with code ${code}`);
  }
  writeFileSync(CODE_CACHE, script.createCachedData());
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
