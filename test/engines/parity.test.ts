import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readCheckpoint, writeCheckpoint } from '../../src/adapters/node-files/run/checkpoint-file.js';
import { sha256 } from '../../src/adapters/node-platform/sha256.js';
import { createGeneratorRuntime } from '../../src/adapters/onnx/session/generator-runtime.js';
import { onnxModelFormat } from '../support/onnx-model-format.js';
import { generatorProgram } from '../../src/domain/model/generator-program.js';
import { MODEL_VERSION } from '../../src/domain/model/model-metadata.js';
import { noiseShape } from '../../src/domain/model/model-spec.js';
import { normals, randomStream } from '../../src/domain/random.js';
import { sizeOf, type NamedTensors } from '../../src/domain/tensor/tensor.js';
import { EVERY_ENGINE } from './support/every-engine.js';
import { penaltyFeeds, penaltyProgram, penaltyState } from '../support/tensor/penalty-program.js';
import { apart, carryOut, dcgan, SEED, SPEC, unlike, type Outcome, type Task } from './support/runs.js';

const STEPS = 20;
const HALF = 10;
const CLOSE = 1e-3;
const THRESHOLD = 0.5;
const TUNES = 4;
const PATIENCE = 600_000;
const NAMES = Object.keys(EVERY_ENGINE);
const JUDGE = NAMES[0]!;

/** What each engine makes of a task, once: the first half, then all of it. */
const outcomes = new Map<string, Promise<{ readonly half: Outcome; readonly whole: Outcome }>>();

function outcome(name: string, task: Task): Promise<{ readonly half: Outcome; readonly whole: Outcome }> {
  const key = `${task.program.name} ${name}`;
  if (!outcomes.has(key)) outcomes.set(key, trained(name, task));
  return outcomes.get(key)!;
}

async function trained(name: string, task: Task) {
  const engine = await EVERY_ENGINE[name]!();
  const half = await carryOut(engine, task, task.start, 0, HALF);
  const rest = await carryOut(engine, task, half.state, HALF, STEPS);
  return { half, whole: { losses: [...half.losses, ...rest.losses], state: rest.state } };
}

const penalty: Task = { program: penaltyProgram(), start: penaltyState(), feeds: penaltyFeeds };

describe.each([
  ['dcgan-a, depth 1', dcgan],
  ['a critic with gradient penalty', penalty],
])('twenty steps of %s', (_name, task) => {
  it.each(NAMES)('change the weights: %s', async (name) => {
    const { whole } = await outcome(name, task);
    expect(apart(whole.state, task.start, 1e-2).length).toBeGreaterThan(task.start.size / 2);
    expect(new Set(whole.losses).size).toBeGreaterThan(STEPS);
  }, PATIENCE); // prettier-ignore

  it.each(NAMES.slice(1))('give the losses and weights of the reference engine: %s', async (name) => {
    const [own, judge] = [(await outcome(name, task)).whole, (await outcome(JUDGE, task)).whole];
    expect(unlike(own.losses, judge.losses, CLOSE)).toEqual([]);
    expect(apart(own.state, judge.state, CLOSE)).toEqual([]);
  }, PATIENCE); // prettier-ignore
});

describe('the model exported after twenty steps', () => {
  it.each(NAMES.slice(1))('composes the same rolls, but for cells close to the threshold: %s', async (name) => {
    const [own, judge] = await Promise.all(
      [name, JUDGE].map(async (each) => compose((await outcome(each, dcgan)).whole.state)),
    );
    const sounding = judge!.reduce((count, certainty) => count + Number(certainty > THRESHOLD), 0);
    expect(sounding).toBeGreaterThan(0);
    expect(sounding).toBeLessThan(judge!.length);
    const differing = [...judge!.keys()].filter((i) => own![i]! > THRESHOLD !== judge![i]! > THRESHOLD);
    expect(differing.filter((i) => Math.abs(judge![i]! - THRESHOLD) >= 1e-3)).toEqual([]);
  }, PATIENCE); // prettier-ignore
});

describe('a checkpoint of one engine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-parity-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  // A ring: each engine hands on to the next, so that each has given and taken.
  const pairs = NAMES.map((from, i) => [from, NAMES[(i + 1) % NAMES.length]!] as const);
  it.each(pairs)('%s resumes on another: %s', async (from, to) => {
    const { half, whole } = await outcome(from, dcgan);
    const path = join(folder, `${from}.safetensors`);
    const model = { architecture: SPEC.architecture, depth: SPEC.depth };
    await writeCheckpoint(path, { step: HALF, model, state: half.state });
    const { state } = await readCheckpoint(path, model);
    const resumed = await carryOut(await EVERY_ENGINE[to]!(), dcgan, state, HALF, STEPS);
    expect(unlike([...half.losses, ...resumed.losses], whole.losses, CLOSE)).toEqual([]);
    expect(apart(resumed.state, whole.state, CLOSE)).toEqual([]);
  }, PATIENCE); // prettier-ignore
});

/** The certainties of a few tunes by the generator of a training's state, exported and loaded as `compose` does. */
async function compose(state: NamedTensors): Promise<Float32Array> {
  const metadata = {
    version: MODEL_VERSION,
    architecture: SPEC.architecture,
    depth: SPEC.depth,
    noiseShape: noiseShape(SPEC),
    rollFormat: SPEC.rollFormat,
    threshold: THRESHOLD,
    training: { origin: 'tests', datasetDigest: '', rolls: 0, seed: SEED, batch: 2, steps: STEPS, epochs: 1 },
    licence: 'Apache-2.0',
  } as const;
  const generator = await createGeneratorRuntime({ digest: sha256 }).load(
    await onnxModelFormat.encodeGenerator(generatorProgram(SPEC, 1, state), metadata),
    'cpu',
  );
  const noise = normals(randomStream(7, 'noise'), TUNES * sizeOf(metadata.noiseShape));
  const certainties = (await generator.generate(noise, TUNES)).slice();
  await generator.release();
  return certainties;
}
