// Saves one more checkpoint of a run, as a training does, and prints that it did. test/reliability/killed-save.test.ts
// runs it, and attaches strace to it between `ready` and the end of its stdin.
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { createNodeRunStore } from '../../../dist/adapters/node-files/run/node-run-store.js';

await import('../../../dist/adapters/node-files/run/run-configuration-schema.js');
writeSync(1, 'ready\n');
await once(process.stdin.resume(), 'end');
try {
  const run = await createNodeRunStore().open(process.argv[2], 'write');
  const { checkpoint } = await run.latestCheckpoint();
  const step = checkpoint.step + 1;
  const w = { shape: [5000], data: new Float32Array(5000).fill(step) };
  await run.rewind(checkpoint.step, 0);
  await run.appendLog([{ step, epoch: 1, loss: step / 3 }]);
  await run.saveCheckpoint({ step, model: run.configuration.model, state: new Map([['w', w]]) }, new Set([step - 1]));
  writeSync(1, `saved ${step}\n`); // only now has it been saved
  await run.close();
} catch (error) {
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
