// Bundles the program, its threads and their packages into about fifty files of dist/bundle instead of four hundred:
// Node.js 20 takes half a millisecond for each file, and inversify alone has 240. bin/apollo.js starts the bundle.
// Nothing is minified.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = `${root}dist/bundle`;

/** Packages that stay in node_modules: native, optional, or large and rarely needed. */
const EXTERNAL_PACKAGES = ['onnxruntime-node', '@tensorflow/*', 'spessasynth_core', '@tonejs/midi'];

/** Modules that load zod and yargs, which most commands do not need: program.cjs imports them from separate files. */
const LAZY_MODULES = [
  'adapters/node-files/dataset/dataset-manifest-schema.js',
  'adapters/node-files/run/run-configuration-schema.js',
  'app/cli/help.js',
];

/** The files that Node.js starts: the program and the entry files of threads, next to the code that starts them. */
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

rmSync(outdir, { recursive: true, force: true }); // the names of chunks change with their contents
await build({
  ...BUILD_OPTIONS,
  entryPoints: Object.fromEntries(ENTRY_POINTS.map((path) => [basename(path, '.js'), `${root}dist/${path}`])),
  splitting: true,
  format: 'esm',
  // CommonJS packages require Node's built-in modules.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
});

// The program in one file, for V8's code cache. Worker threads are found next to threads.js.
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
// Code from a code cache cannot use import(), so it gets a function for it as a parameter.
const code = readFileSync(program, 'latin1').replace(/\bimport\((?=")/g, 'importModule(');
writeFileSync(program, `(function (module, require, importModule, threadsUrl) {${code}\n})`, 'latin1');
const { status, stderr } = spawnSync(process.execPath, [`${root}scripts/code-cache.js`], { encoding: 'utf8' });
if (status !== 0) process.stderr.write(`the program will start without a code cache: ${stderr}\n`);

/** Keeps the lazy modules out of program.cjs: to load them would add 15 ms to every start. */
function externalizeLazyModules(building) {
  building.onResolve({ filter: /^\./ }, ({ path, resolveDir }) => {
    const isLazy = LAZY_MODULES.some((lazy) => resolve(resolveDir, path) === resolve(root, 'dist', lazy));
    return isLazy ? { path: `./${basename(path)}`, external: true } : undefined;
  });
}

/** Bundles the JavaScript of onnxruntime-node, and lets it find its native library in its own package. */
function resolveOnnxruntimeBinding(building) {
  building.onLoad({ filter: /onnxruntime-node[/\\]dist[/\\]binding\.js$/ }, ({ path }) => {
    const [before, after, ...more] = readFileSync(path, 'utf8').split('require(`../bin/');
    if (after === undefined || more.length > 0) throw new Error(`${path} does not require its library as expected`);
    const resolved = "require('node:module').createRequire(require.resolve('onnxruntime-node'))(`../bin/";
    return { contents: before + resolved + after, loader: 'js' };
  });
}
