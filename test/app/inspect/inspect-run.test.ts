import { expect, it } from '@jest/globals';
import { createInspectRun } from '../../../src/app/inspect/inspect-run.js';
import type { LogEntry } from '../../../src/ports/run-store.js';
import { createFakeRunStore } from '../../support/fakes/fake-run-store.js';
import { checkpointOf, configuration } from '../../support/run-fixtures.js';

const last: LogEntry = {
  step: 5,
  epoch: 3,
  'discriminator.loss': 0.25,
  'generator.loss': 1.5,
  'real.judged_real': 6,
  'real.ambiguous': 2,
  'real.judged_fake': 0,
  'fake.judged_real': 1,
  'fake.ambiguous': 3,
  'fake.judged_fake': 4,
};

async function trained() {
  const store = createFakeRunStore();
  const run = await store.create('runs/first', configuration, { replace: false });
  await run.appendLog([{ ...last, step: 1 }, { step: 4, epoch: 2, 'distance.frechet': 55.25 }, last]);
  for (const step of [2, 4, 5]) await run.saveCheckpoint(checkpointOf(step), new Set([2, 4]));
  return { store, kept: store.runs.get('runs/first')!, inspect: createInspectRun({ runs: store }) };
}

it('gives the progress of a run without locking it', async () => {
  const { inspect } = await trained();
  const { version: _version, ...facts } = configuration;
  expect((await inspect('runs/first')).json).toEqual({
    kind: 'run',
    path: 'runs/first',
    ...facts,
    steps: { done: 5, planned: 6 }, // 40 rolls in batches of 16 are 2 steps an epoch
    checkpoints: [2, 4, 5],
    best: { step: 4, distance: 55.25 },
    damaged: [],
    loggedSteps: 3,
    last,
  });
});

it('describes the same in lines', async () => {
  const { inspect } = await trained();
  expect((await inspect('runs/first')).lines).toEqual([
    'run of dcgan-a, depth 2: step 5 of 6 (3 epochs, batch 16, seed 7)',
    'on 40 rolls of data/small (a test), with reference on cpu',
    'checkpoints after step 2, 4, 5',
    'nearest to real tunes after step 4: Frechet distance 55.3',
    'log: 3 lines, the last of step 5: discriminator loss 0.250, generator loss 1.50',
    'judged real/ambiguous/fake: real rolls 6/2/0, generated rolls 1/3/4',
  ]);
});

it('gives the step of the newest whole checkpoint and names the damaged one', async () => {
  const { inspect, kept } = await trained();
  kept.damaged.add(5);
  const { json: facts, lines } = await inspect('runs/first');
  expect(facts.steps.done).toBe(4);
  expect(facts.damaged).toHaveLength(1);
  expect(lines.join('\n')).toContain('damaged: runs/first/checkpoints/5: it was changed');
});

it('inspects a run without steps, and one with other loss names', async () => {
  const { inspect, kept } = await trained();
  kept.log = [];
  kept.checkpoints.clear();
  const { json: facts, lines } = await inspect('runs/first');
  expect(facts).toMatchObject({ steps: { done: 0, planned: 6 }, checkpoints: [], best: null, last: null });
  expect(lines).toContain('no checkpoint yet');
  kept.log = [{ step: 1, epoch: 1, 'critic.loss': -3 }];
  expect((await inspect('runs/first')).lines.at(-1)).toContain('the last of step 1: critic loss -3.00');
});

it('escapes control characters in names', async () => {
  const { store } = await trained();
  const dataset = { ...configuration.dataset, origin: 'a\u001b[31mb' };
  await store.create('other', { ...configuration, dataset }, { replace: false });
  expect((await createInspectRun({ runs: store })('other')).lines.join('\n')).toContain('a\\x1b[31mb');
});
