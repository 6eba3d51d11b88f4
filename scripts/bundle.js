// The program, its threads and all that they load, packages too, in some fifty files of dist/bundle instead of some four hundred: Node.js 20
// takes half a millisecond a file, and inversify alone has 240. bin/apollo.js starts these; nothing in them is shortened or renamed.
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = `${root}dist/bundle`;

/** Found where npm put them: native, optional, or large and rarely wanted. */
const APART = ['onnxruntime-node', '@tensorflow/*', 'spessasynth_core', '@tonejs/midi'];

/** What Node.js starts: the program, and threads, which find what they run beside the code that starts them. */
const STARTED = [
  'app/main.js',
  'app/container.js',
  'adapters/engraving/engraving-thread-entry.js',
  'adapters/feeding/feed-thread-entry.js',
  'adapters/threads/worker-entry.js',
];

rmSync(outdir, { recursive: true, force: true }); // the names of the parts change with what is in them
await build({
  entryPoints: Object.fromEntries(STARTED.map((path) => [basename(path, '.js'), `${root}dist/${path}`])),
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: APART,
  legalComments: 'inline',
  logLevel: 'warning',
  // Packages in CommonJS ask for Node's own modules so.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});
