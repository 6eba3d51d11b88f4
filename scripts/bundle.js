// The program, its threads and all that they load, packages too, in some fifty files of dist/bundle instead of some four hundred: Node.js 20
// takes half a millisecond a file, and inversify alone has 240. bin/apollo.js starts these; nothing in them is shortened or renamed.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = `${root}dist/bundle`;

/** Found where npm put them: native, optional, or large and rarely wanted. */
const EXTERNAL_PACKAGES = ['onnxruntime-node', '@tensorflow/*', 'spessasynth_core', '@tonejs/midi'];

/** Modules that load what is large and not wanted by most commands, zod and yargs: the one file takes them from the parts. */
const LAZY_MODULES = [
  'adapters/node-files/dataset/dataset-manifest-schema.js',
  'adapters/node-files/run/run-configuration-schema.js',
  'app/cli/help.js',
];

/** What Node.js starts: the program, and threads, which find what they run beside the code that starts them. */
const ENTRY_POINTS = [
  ...LAZY_MODULES,
  'app/main.js',
  'app/wiring/threads.js',
  'app/wiring/build-container.js', // for bench/
  'adapters/node-threads/tune-writer/tune-writer-thread-entry.js',
  'adapters/node-threads/batch-loader/batch-loader-thread-entry.js',
  'adapters/node-threads/worker-pool/worker-entry.js',
];

const BUILD_OPTIONS = {
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  external: EXTERNAL_PACKAGES,
  legalComments: 'inline',
  logLevel: 'warning',
};

rmSync(outdir, { recursive: true, force: true }); // the names of the parts change with what is in them
await build({
  ...BUILD_OPTIONS,
  entryPoints: Object.fromEntries(ENTRY_POINTS.map((path) => [basename(path, '.js'), `${root}dist/${path}`])),
  splitting: true,
  format: 'esm',
  // Packages in CommonJS ask for Node's own modules so.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});

// The same in one file that can be kept compiled; worker threads are found beside threads.js.
await build({
  ...BUILD_OPTIONS,
  entryPoints: { program: `${root}dist/app/main.js` },
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  external: EXTERNAL_PACKAGES.filter((name) => name !== 'onnxruntime-node'),
  logOverride: { 'require-resolve-not-external': 'silent' },
  plugins: [
    { name: 'parts', setup: externalizeLazyModules },
    { name: 'onnxruntime', setup: resolveOnnxruntimeBinding },
  ],
  define: { 'import.meta.url': 'threadsUrl' },
});
const program = `${outdir}/program.cjs`;
// Code out of a cache cannot import by itself, and what it is given are parameters.
const code = readFileSync(program, 'latin1').replace(/\bimport\((?=")/g, 'importModule(');
writeFileSync(program, `(function (module, require, importModule, threadsUrl) {${code}\n})`, 'latin1');
const { status, stderr } = spawnSync(process.execPath, [`${root}scripts/code-cache.js`], { encoding: 'utf8' });
if (status !== 0) process.stderr.write(`the program will start without a code cache: ${stderr}\n`);

/** To read and to begin what is rarely wanted would cost each start 15 ms. */
function externalizeLazyModules(building) {
  building.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
    const isRare = LAZY_MODULES.some((rare) => resolve(resolveDir, path) === resolve(root, 'dist', rare));
    return isRare ? { path: `./${basename(path)}`, external: true } : undefined;
  });
}

/** onnxruntime's twenty small files become part of the one; its library is found from where they were. */
function resolveOnnxruntimeBinding(building) {
  building.onLoad({ filter: /onnxruntime-node[/\\]dist[/\\]binding\.js$/ }, ({ path }) => {
    const [before, after, ...more] = readFileSync(path, 'utf8').split('require(`../bin/');
    if (after === undefined || more.length > 0) throw new Error(`${path} finds its library otherwise than it did`);
    const there = "require('node:module').createRequire(require.resolve('onnxruntime-node'))(`../bin/";
    return { contents: before + there + after, loader: 'js' };
  });
}
