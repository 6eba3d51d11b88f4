// Saves checkpoints and log lines of a run until it is killed, as a training does. Run by run-store-killed.test.ts.
import { createNodeRunStore } from '../../../dist/adapters/node-files/run/node-run-store.js';

const run = await createNodeRunStore().open(process.argv[2], 'write');
const { checkpoint } = await run.latestCheckpoint();
await run.rewind(checkpoint?.step ?? 0, 0);
for (let step = (checkpoint?.step ?? 0) + 1; ; step++) {
  const data = new Float32Array(200_000).fill(step);
  await run.appendLog([{ step, epoch: 1, loss: step / 3 }]);
  await run.saveCheckpoint(
    { step, model: run.configuration.model, state: new Map([['w', { shape: [200_000], data }]]) },
    new Set(),
  );
  process.stdout.write(`${step}\n`); // only now has it been saved
}
