// From noise to files: cold starts of the program as a user runs it, many tunes in one run, and the generator alone,
// in turns with PyTorch where a script is given.
//   npm run bench -- compose [--model some.onnx] [--torch "python3 some/torch_gan_step.py"] [--turns 3]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hundredths, median, tenths } from './statistics.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const PROGRAM = here('../bin/apollo.js');
const CHILD = here('compose-child.js');
const COLD_RUNS = 9;
const MANY = 1000;
const FEW = 100;
/** For each depth the generator's runs in a turn, and the share of the turns: at depth 128 one takes half a minute. */
const GENERATOR_RUNS = { 32: { runs: 15, share: 1 }, 128: { runs: 3, share: 1 / 3 } };

/** @param {{model?: string, torch?: string, turns?: string}} options `model`: a file, by default the shipped one */
export async function bench({ model = here('../models/apollo.onnx'), torch, turns = '3' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-bench-'));
  try {
    const parts = [coldStart(model, folder), manyTunes(model, folder), secondModel(folder)];
    for (const depth of Object.keys(GENERATOR_RUNS)) parts.push(generatorAlone(depth, Number(turns), torch));
    if (torch === undefined) parts.push({ lines: ['compose: PyTorch was not measured; give a script with --torch'] });
    return {
      figures: parts.flatMap(({ figures = [] }) => figures),
      lines: parts.flatMap(({ lines = [] }) => lines),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The time from the start of a process to its end, with the tune's files on disk. With NODE_EXTRA_CA_CERTS Node.js 20
 * reads certificates at every start, which is measured separately.
 */
function coldStart(model, folder) {
  const { NODE_EXTRA_CA_CERTS: certificates, ...plain } = process.env;
  const times = { tune: [], nodeAlone: [], withCertificates: [] };
  for (let run = 0; run <= COLD_RUNS; run++) {
    const compose = (out) => [PROGRAM, 'compose', '--count', '1', '--model', model, '--out', join(folder, out)];
    const taken = {
      tune: timeOf(compose(`cold-${run}`), plain),
      nodeAlone: timeOf(['--eval', ''], plain),
      withCertificates: certificates === undefined ? 0 : timeOf(compose(`certificates-${run}`), process.env),
    };
    if (run > 0) for (const [name, time] of Object.entries(taken)) times[name].push(time);
  }
  const [middle, node, withCertificates] = Object.values(times).map((all) => Math.round(median(all)));
  const min = Math.round(Math.min(...times.tune));
  const more = certificates === undefined ? '' : `; ${withCertificates} ms with NODE_EXTRA_CA_CERTS`;
  return {
    figures: [
      { name: 'compose --count 1, cold start to files on disk', value: middle, unit: 'ms', goal: '< 400' },
      { name: 'of that, Node.js alone', value: node, unit: 'ms', goal: '' },
    ],
    lines: [
      `compose: cold start, 1 tune, ${COLD_RUNS} runs: median ${middle} ms, minimum ${min} ms; ` +
        `Node.js alone ${node} ms${more}`,
    ],
  };
}

function timeOf(args, env) {
  const start = performance.now();
  runNode(args, env);
  return performance.now() - start;
}

const composeMany = (model, count, folder) =>
  JSON.parse(runNode([CHILD, 'many', model, count, join(folder, `many-${count}`)]));

function manyTunes(model, folder) {
  const [few, many] = [FEW, MANY].map((count) => composeMany(model, count, folder));
  const share = hundredths(many.inModel / many.milliseconds);
  const growth = hundredths(many.megabytes / few.megabytes);
  const perTune = tenths(many.milliseconds / MANY);
  return {
    figures: [
      { name: `compose --count ${MANY}, to MIDI and PNG`, value: perTune, unit: 'ms/tune', goal: '' },
      {
        name: `compose --count ${MANY}, time in the model over all`,
        value: tenths(many.inModel / MANY),
        unit: 'ms/tune',
        ratio: share,
        goal: '>= 0.8',
      },
      {
        name: `compose, peak memory of ${MANY} tunes over ${FEW}`,
        value: many.megabytes,
        unit: 'MB',
        ratio: growth,
        goal: '<= 1.15',
      },
    ],
    lines: [
      `compose: ${MANY} tunes, ${perTune} ms each, ${Math.round(share * 100)} % of it in the model; ` +
        `${many.megabytes} MB, ${FEW} tunes ${few.megabytes} MB`,
    ],
  };
}

/** dcgan-a of depth 32, which is faster than the tune writer on two cores. */
function secondModel(folder) {
  const { inModel, milliseconds } = composeMany(here('../models/dcgan-a.onnx'), MANY, join(folder, 'second'));
  const share = hundredths(inModel / milliseconds);
  const name = `compose --count ${MANY} by dcgan-a, time in the model over all`;
  return {
    figures: [{ name, value: tenths(inModel / MANY), unit: 'ms/tune', ratio: share, goal: '>= 0.8' }],
    lines: [`compose: ${MANY} tunes by dcgan-a: ${tenths(milliseconds / MANY)} ms each, ${share} of it in the model`],
  };
}

function generatorAlone(depth, turns, torch) {
  const [ours, theirs] = [[], []];
  const { runs, share } = GENERATOR_RUNS[depth];
  for (let turn = 0; turn < turns * share; turn++) {
    ours.push(JSON.parse(runNode([CHILD, 'generate', depth, runs])));
    if (torch !== undefined) theirs.push(runTorchGenerator(torch, depth));
  }
  const figures = [1, 64].map((batch) => {
    const [we, they] = [ours, theirs].map((runs) =>
      runs.length === 0 ? undefined : median(runs.map((r) => r[batch])),
    );
    const name = `generator alone, depth ${depth}, batch ${batch}`;
    if (they === undefined) return { name, value: tenths(we), unit: 'ms', goal: '' };
    return {
      name: `${name}, over PyTorch's`,
      value: tenths(they),
      unit: 'ms',
      ratio: hundredths(we / they),
      goal: '<= 0.5',
    };
  });
  return {
    figures,
    lines: figures.map(
      ({ name, value, ratio }) => `compose: ${name}: ${value} ms${ratio === undefined ? '' : `, ratio ${ratio}`}`,
    ),
  };
}

/** The milliseconds of batches of 1 and 64 that a script prints as `generateMs`. It runs one training step, too. */
function runTorchGenerator(command, depth) {
  const [program, ...args] = command.split(' ');
  const { stdout, stderr, error } = spawnSync(
    program,
    [...args, '--depth', depth, '--batch', '2', '--steps', '1', '--threads', '2'],
    { encoding: 'utf8' },
  );
  try {
    return JSON.parse(stdout).generateMs;
  } catch {
    throw new Error(`${command} printed no JSON line: ${(error?.message ?? stderr).trim().split('\n').at(-1)}`);
  }
}

function runNode(args, env = process.env) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args.map(String), { encoding: 'utf8', env });
  if (status === 0) return stdout;
  throw new Error(`node ${args.join(' ')} exited with ${status}: ${stderr.trim().split('\n').at(-1)}`);
}
