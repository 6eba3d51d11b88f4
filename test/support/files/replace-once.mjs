// Replaces a dataset or a run, as `prepare --force` and `train --force` do, and says so. Run by
// test/reliability/killed-replace.test.ts, which attaches strace to it between `ready` and the end of its stdin.
import { once } from 'node:events';
import { readFileSync, writeSync } from 'node:fs';
import { createNodeDatasetStore } from '../../../dist/adapters/node-files/dataset/node-dataset-store.js';
import { createNodeRunStore } from '../../../dist/adapters/node-files/run/node-run-store.js';

const [kind, path, plan] = process.argv.slice(2);
const { format, rolls, description, configuration } = JSON.parse(readFileSync(plan, 'utf8'));
await import('../../../dist/adapters/node-files/run/run-configuration-schema.js');
writeSync(1, 'ready\n');
await once(process.stdin.resume(), 'end');
try {
  if (kind === 'dataset') {
    const writer = await createNodeDatasetStore().create(path, format, { replace: true });
    const roll = new Uint8Array((format.channels.length * format.pitches * format.columns) / 8).fill(0xff);
    try {
      for (let i = 0; i < rolls; i++) await writer.add(roll);
      await writer.finish(description);
    } finally {
      await writer.abandon(); // as prepare does; nothing after a finish
    }
  } else {
    await (await createNodeRunStore().create(path, configuration, { replace: true })).close();
  }
  writeSync(1, 'replaced\n'); // only now is it the new one
} catch (error) {
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
