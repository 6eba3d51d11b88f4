// Builds Apollo when there is no build or a source file is newer than it. `npm start` runs this first.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = `${root}dist/bundle/program.cjs`;

if (!existsSync(program) || newestSource() > statSync(program).mtimeMs) {
  process.stderr.write('building Apollo, which takes about 20 s ...\n');
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32', // npm is a script there
  });
  if (status !== 0) {
    process.stderr.write(`${stdout}${stderr}the build failed; run npm ci, then try again\n`);
    process.exit(1);
  }
}

/** The time of the last change of a source file, in milliseconds. */
function newestSource() {
  const files = readdirSync(`${root}src`, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = [...files.map(({ parentPath, name }) => `${parentPath}/${name}`), `${root}scripts/bundle.js`];
  return Math.max(...paths.map((path) => statSync(path).mtimeMs));
}
