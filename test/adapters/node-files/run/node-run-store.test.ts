import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createNodeRunStore } from '../../../../src/adapters/node-files/run/node-run-store.js';
import { AlreadyExistsError, DamagedFileError, RunInUseError } from '../../../../src/domain/errors.js';
import type { Run } from '../../../../src/ports/run-store.js';
import { runStoreContract } from '../../../contracts/run-store.contract.js';
import { checkpointOf, configuration, entryOf } from '../../../support/run-fixtures.js';
import { scratchFolders } from '../../../support/files/scratch.js';

const scratch = scratchFolders();
const store = createNodeRunStore();

runStoreContract('files', () => {
  const path = join(scratch(), 'runs', 'first');
  return {
    store,
    path,
    damageCheckpoint: async (step) => {
      const name = `step-${String(step).padStart(9, '0')}.safetensors`;
      const bytes = readFileSync(join(path, 'checkpoints', name));
      bytes[bytes.length - 5]! ^= 4;
      writeFileSync(join(path, 'checkpoints', name), bytes);
      return name;
    },
    damageConfiguration: async () => writeFileSync(join(path, 'run.json'), '{"version": 1, "mod'),
    leaveDeadLock: async () => writeFileSync(join(path, 'lock'), await lockOfDeadProcess()),
  };
});

describe('the folder of a run', () => {
  it('is laid out as documented, and holds no half-written file', async () => {
    const { path, run } = await made();
    await run.saveCheckpoint(checkpointOf(123), new Set());
    await run.appendLog([entryOf(1)]);
    await run.saveSample(10, 'tune-1.mid', Uint8Array.of(1, 2));
    await run.saveModel(Uint8Array.of(3), 'fp32');
    expect(readdirSync(path).sort()).toEqual(['checkpoints', 'lock', 'log.jsonl', 'model.onnx', 'run.json', 'samples']);
    expect(readdirSync(join(path, 'checkpoints'))).toEqual(['step-000000123.safetensors']);
    expect(readFileSync(join(path, 'samples', 'epoch-0010', 'tune-1.mid'))).toEqual(Buffer.from([1, 2]));
    expect(JSON.parse(readFileSync(join(path, 'run.json'), 'utf8'))).toEqual(configuration);
    expect(readFileSync(join(path, 'log.jsonl'), 'utf8')).toBe(
      '{"step":1,"epoch":1,"generator.loss":0.3333333333333333}\n',
    );
    await run.close();
    expect(existsSync(join(path, 'lock'))).toBe(false);
    expect(readdirSync(join(path, '..'))).toEqual(['run']);
  });

  it('loses the samples of later epochs when it is rewound', async () => {
    const { path, run } = await made();
    for (const epoch of [9, 10, 11]) await run.saveSample(epoch, 'a.mid', Uint8Array.of(epoch));
    await run.rewind(100, 10);
    expect(readdirSync(join(path, 'samples')).sort()).toEqual(['epoch-0009', 'epoch-0010']);
    await run.close();
  });

  it('is freed of what a killed process left half written', async () => {
    const { path, run } = await made();
    await run.close();
    const [, machine] = /^([0-9a-f]{8}) /.exec(await lockOfDeadProcess())!;
    const leftovers = [path, join(path, 'checkpoints')].map((folder) =>
      join(folder, `.apollo-${machine}-999999999-0123456789ab.tmp`),
    );
    for (const file of leftovers) writeFileSync(file, 'half');
    const again = await store.open(path, 'write');
    await again.saveCheckpoint(checkpointOf(1), new Set());
    expect(leftovers.map((file) => existsSync(file))).toEqual([false, false]);
    await again.close();
  });

  it('is made in an empty folder, and not over other things', async () => {
    const folder = scratch();
    const run = await store.create(folder, configuration, { replace: false });
    await run.close();
    const other = scratch();
    writeFileSync(join(other, 'thesis.txt'), 'years of work');
    for (const replace of [false, true]) {
      await expect(store.create(other, configuration, { replace })).rejects.toThrow(AlreadyExistsError);
      await expect(store.create(other, configuration, { replace })).rejects.toThrow('thesis.txt');
    }
    await expect(store.create(join(other, 'thesis.txt'), configuration, { replace: true })).rejects.toThrow(
      AlreadyExistsError,
    );
    const below = join(other, 'thesis.txt', 'run');
    await expect(store.create(below, configuration, { replace: true })).rejects.toThrow('lies below one');
    expect(readdirSync(other)).toEqual(['thesis.txt']);
  });
});

describe('run.json', () => {
  it.each([
    ['another version', { ...configuration, version: 2 }, 'version 2, but this program reads version 1'],
    ['a number out of range', { ...configuration, batch: 0 }, 'batch'],
    ['a member too many', { ...configuration, extra: 1 }, 'extra'],
    [
      'a format that is none',
      {
        ...configuration,
        dataset: { ...configuration.dataset, format: { ...configuration.dataset.format, columns: 12 } },
      },
      'multiple of 8',
    ],
  ])('with %s is refused', async (_what, value, message) => {
    const { path, run } = await made();
    await run.close();
    writeFileSync(join(path, 'run.json'), JSON.stringify(value));
    await expect(store.open(path, 'write')).rejects.toThrow(DamagedFileError);
    await expect(store.open(path, 'write')).rejects.toThrow(message);
    expect(existsSync(join(path, 'lock'))).toBe(false);
  });

  it('that is deep or huge is refused at once', async () => {
    const { path, run } = await made();
    await run.close();
    for (const text of [
      '['.repeat(500_000),
      `{"version":1,"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      ' '.repeat(2_000_000),
    ]) {
      writeFileSync(join(path, 'run.json'), text);
      await expect(store.open(path, 'read')).rejects.toThrow(DamagedFileError);
    }
  });
});

describe('log.jsonl', () => {
  it('loses a torn last line, which does not grow into the next', async () => {
    const { path, run } = await made();
    await run.appendLog([entryOf(1), entryOf(2)]);
    await run.close();
    appendFileSync(join(path, 'log.jsonl'), '{"step":3,"epo');
    const again = await store.open(path, 'write');
    expect(await again.readLog()).toEqual([entryOf(1), entryOf(2)]);
    await again.appendLog([entryOf(3)]);
    expect(await again.readLog()).toEqual([1, 2, 3].map(entryOf));
    await again.close();
  });

  it('that is rewound keeps its other lines byte for byte', async () => {
    const { path, run } = await made();
    await run.appendLog([1, 2, 3, 4].map(entryOf));
    const [first, second] = readFileSync(join(path, 'log.jsonl'), 'utf8').split('\n');
    await run.rewind(2, 1);
    expect(readFileSync(join(path, 'log.jsonl'), 'utf8')).toBe(`${first}\n${second}\n`);
    await run.close();
  });

  it('that is damaged says in which line', async () => {
    const { path, run } = await made();
    await run.appendLog([entryOf(1)]);
    appendFileSync(join(path, 'log.jsonl'), '{"step":"2","epoch":1}\n');
    await expect(run.readLog()).rejects.toThrow('line 2 is no log entry');
    await run.close();
  });
});

describe('the lock', () => {
  it.each([
    ['a process that is gone', (text: string) => text.replace(/ \d+ /, ' 999999999 ')],
    ['another process of the same number', (text: string) => text.replace(/\d+\n$/, '1\n')],
    [
      'a process before the last start of the system',
      (text: string) => text.replace(/ [\w-]+ (\d+)\n$/, ' another-boot $1\n'),
    ],
    ['nobody: it was torn by a power cut', () => ''],
  ])('of %s is taken over', async (_whose, change) => {
    const { path, run } = await made();
    const mine = readFileSync(join(path, 'lock'), 'utf8');
    await run.close();
    writeFileSync(join(path, 'lock'), change(mine));
    const next = await store.open(path, 'write');
    expect(readFileSync(join(path, 'lock'), 'utf8')).toBe(mine);
    await next.close();
    expect(readdirSync(path)).not.toContain('lock');
  });

  it('of another machine is respected, and the message says which file to delete', async () => {
    const { path, run } = await made();
    const mine = readFileSync(join(path, 'lock'), 'utf8');
    await run.close();
    writeFileSync(join(path, 'lock'), mine.replace(/^[0-9a-f]{8}/, '00000000'));
    await expect(store.open(path, 'write')).rejects.toThrow(RunInUseError);
    await expect(store.open(path, 'write')).rejects.toThrow(`delete ${join(path, 'lock')}`);
  });

  it('goes to one of many who ask at once, also when it was left by a dead process', async () => {
    const dead = await lockOfDeadProcess();
    for (let round = 0; round < 60; round++) {
      const { path, run } = await made();
      await run.close();
      if (round % 4 > 0) writeFileSync(join(path, 'lock'), dead);
      // Every other holder died while it took over the lock of another.
      if (round % 4 > 1) writeFileSync(join(path, '.apollo-heir-of-lock'), dead);
      if (round % 4 > 2) writeFileSync(join(path, '.apollo-heir-of-.apollo-heir-of-lock'), dead);
      const asked = await Promise.allSettled(Array.from({ length: 8 }, () => store.open(path, 'write')));
      const [got, ...more] = asked.filter((result) => result.status === 'fulfilled');
      expect(more).toHaveLength(0);
      await got!.value.close();
      expect(readdirSync(path).filter((name) => name !== 'checkpoints' && name !== 'samples')).toEqual(['run.json']);
    }
  });
});

async function made(): Promise<{ readonly path: string; readonly run: Run }> {
  const path = join(scratch(), 'run');
  return { path, run: await store.create(path, configuration, { replace: false }) };
}

/** What a process of this machine would have left in its lock, had it been killed. */
async function lockOfDeadProcess(): Promise<string> {
  const { path, run } = await made();
  const mine = readFileSync(join(path, 'lock'), 'utf8');
  await run.close();
  const { pid } = spawnSync('true');
  return mine.replace(/ \d+ /, ` ${pid} `);
}
