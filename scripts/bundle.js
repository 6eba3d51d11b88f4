// The program, its thread and all that they load, packages too, in some fifty files of dist/bundle instead of some four hundred: Node.js 20
// takes half a millisecond a file, and inversify alone has 240. bin/apollo.js starts these; nothing in them is shortened or renamed.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = `${root}dist/bundle`;

/** Found where npm put them: native, optional, or large and rarely wanted. */
const APART = ['onnxruntime-node', '@tensorflow/*', 'spessasynth_core', '@tonejs/midi'];

rmSync(outdir, { recursive: true, force: true }); // the names of the parts change with what is in them
await build({
  entryPoints: [`${root}dist/app/main.js`, `${root}dist/app/engraving-thread.js`],
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
