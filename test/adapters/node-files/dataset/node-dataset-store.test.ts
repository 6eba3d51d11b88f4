import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createNodeDatasetStore } from '../../../../src/adapters/node-files/dataset/node-dataset-store.js';
import { AlreadyExistsError, DamagedFileError, FileAccessError } from '../../../../src/domain/errors.js';
import { packRoll } from '../../../../src/domain/roll/piano-roll.js';
import { randomStream } from '../../../../src/domain/random.js';
import {
  datasetStoreContract,
  DESCRIPTION,
  writeTestDataset,
  SMALL_FORMAT,
  testRoll,
} from '../../../contracts/dataset-store.contract.js';
import { scratchFolders } from '../../../support/files/scratch.js';

const scratch = scratchFolders();
const store = createNodeDatasetStore();

datasetStoreContract('node', () => {
  const path = `${scratch()}/set`;
  return {
    store: createNodeDatasetStore(),
    path,
    exists: existsSync,
    damage(file, how) {
      const name = `${path}/${file}`;
      if (how === 'missing') rmSync(name);
      else if (how === 'cut') truncateSync(name, readFileSync(name).length - 1);
      else flip(name, 130, 0x01);
    },
    changeVersion() {
      const name = `${path}/dataset.json`;
      writeFileSync(name, readFileSync(name, 'utf8').replace('"version": 1', '"version": 2'));
    },
  };
});

function flip(file: string, at: number, mask: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= mask;
  writeFileSync(file, bytes);
}

describe('node dataset store', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = scratch();
    path = `${folder}/set`;
  });
  afterEach(() => void jest.restoreAllMocks());

  it('finds a flipped bit in any byte, and any cut', async () => {
    await writeTestDataset(store, path, 3);
    const random = randomStream(1, 'tests');
    for (const file of ['dataset.json', 'chunk-00000.npy']) {
      const name = `${path}/${file}`;
      const whole = readFileSync(name);
      const expectFound = async (bytes: Uint8Array): Promise<void> => {
        writeFileSync(name, bytes);
        const error: unknown = await store.open(path).catch((cause: unknown) => cause);
        expect(error).toBeInstanceOf(DamagedFileError);
        expect((error as Error).message).toContain(file);
      };
      for (let at = 0; at < whole.length; at += file === 'dataset.json' ? 5 : 1) {
        const flipped = Buffer.from(whole);
        flipped[at]! ^= 1 << random.below(8);
        await expectFound(flipped);
      }
      for (const length of [0, 1, 9, 10, 100, whole.length - 1]) await expectFound(whole.subarray(0, length));
      await expectFound(Buffer.concat([whole, Buffer.from('\n')]));
      writeFileSync(name, whole);
    }
    await (await store.open(path)).close();
  });

  it('writes chunks that NumPy reads: format 1.0, bytes in C order, bits as packbits packs them', async () => {
    await writeTestDataset(store, path, 2);
    const chunk = readFileSync(`${path}/chunk-00000.npy`);
    expect([...chunk.subarray(0, 8)]).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0]);
    const dataOffset = 10 + chunk.readUInt16LE(8);
    expect(dataOffset % 64).toBe(0);
    expect(chunk.subarray(10, dataOffset).toString('latin1')).toMatch(
      /^\{'descr': '\|u1', 'fortran_order': False, 'shape': \(2, 2, 3, 2\), \} *\n$/,
    );
    const bits = [...chunk.subarray(dataOffset)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    expect(bits).toBe([...testRoll(0).cells, ...testRoll(1).cells].join(''));
  });

  it('says in dataset.json the SHA-256 of each chunk, and no time', async () => {
    await writeTestDataset(store, path, 2);
    const manifest = JSON.parse(readFileSync(`${path}/dataset.json`, 'utf8'));
    const chunk = readFileSync(`${path}/chunk-00000.npy`);
    expect(manifest.chunks[0].sha256).toBe(createHash('sha256').update(chunk).digest('hex'));
    await writeTestDataset(store, `${folder}/again`, 2);
    expect(readFileSync(`${folder}/again/dataset.json`)).toEqual(readFileSync(`${path}/dataset.json`));
  });

  it('leaves nothing beside the dataset, and nothing of one that was abandoned or failed', async () => {
    await writeTestDataset(store, path, 600);
    expect(readdirSync(folder)).toEqual(['set']);
    await writeTestDataset(store, path, 1, { replace: true });
    expect(readdirSync(folder)).toEqual(['set']);
    const writer = await store.create(`${folder}/new/deep/set`, SMALL_FORMAT, { replace: false });
    await writer.abandon();
    await writer.abandon();
    expect(readdirSync(folder)).toEqual(['set']);
  });

  it('keeps the old dataset when the disk is full, names the path and the bytes needed', async () => {
    await writeTestDataset(store, path, 2);
    const handle = await open(`${path}/dataset.json`);
    const handles = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const writer = await store.create(path, SMALL_FORMAT, { replace: true });
    await writer.add(packRoll(testRoll(7)));
    jest.spyOn(handles, 'write').mockRejectedValue(Object.assign(new Error('full'), { code: 'ENOSPC' }) as never);
    const error: unknown = await writer.finish(DESCRIPTION).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(FileAccessError);
    expect((error as Error).message).toBe(
      `cannot write ${path}/chunk-00000.npy: no space left on device (at least 140 bytes needed)`,
    );
    expect(readdirSync(folder)).toEqual(['set']);
    expect((await store.open(path)).manifest.rolls).toBe(2);
  });

  it('clears away what a killed process left, and nothing else', async () => {
    const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
    const dead = `.apollo-${host}-4194304-0123456789ab.tmp`; // above the largest process id of Linux
    const alive = `.apollo-${host}-${process.pid}-0123456789ab.tmp`;
    const elsewhere = '.apollo-00000000-4194304-0123456789ab.tmp';
    for (const name of [dead, alive, elsewhere, '.apollo.tmp', 'mine']) {
      mkdirSync(`${folder}/${name}`);
      writeFileSync(`${folder}/${name}/chunk-00000.npy`, 'half');
    }
    await writeTestDataset(store, path, 1);
    expect(readdirSync(folder).sort()).toEqual([alive, elsewhere, '.apollo.tmp', 'mine', 'set'].sort());
  });

  it('replaces only what is a dataset, or is left of one', async () => {
    mkdirSync(path);
    writeFileSync(`${path}/thesis.txt`, 'ten years of work');
    await expect(store.create(path, SMALL_FORMAT, { replace: true })).rejects.toThrow(AlreadyExistsError);
    await expect(store.create(path, SMALL_FORMAT, { replace: true })).rejects.toThrow('thesis.txt');
    rmSync(`${path}/thesis.txt`);
    writeFileSync(`${path}/chunk-00003.npy`, 'half');
    await writeTestDataset(store, path, 1, { replace: true });
    expect(readdirSync(path).sort()).toEqual(['chunk-00000.npy', 'dataset.json']);
  });

  it('does not replace what came into being while it wrote', async () => {
    const writer = await store.create(path, SMALL_FORMAT, { replace: false });
    await writer.add(packRoll(testRoll(0)));
    await writeTestDataset(store, path, 2);
    await expect(writer.finish(DESCRIPTION)).rejects.toThrow(FileAccessError);
    expect((await store.open(path)).manifest.rolls).toBe(2);
    expect(readdirSync(folder)).toEqual(['set']);
  });

  it('replaces behind a link and leaves the link', async () => {
    await writeTestDataset(store, path, 1);
    symlinkSync('set', `${folder}/link`);
    await writeTestDataset(store, `${folder}/link`, 2, { replace: true });
    expect(readdirSync(folder).sort()).toEqual(['link', 'set']);
    expect((await store.open(path)).manifest.rolls).toBe(2);
  });

  it('tells a folder that is no dataset from one that is not there', async () => {
    await expect(store.open(folder)).rejects.toThrow(`${folder} is not a dataset: it has no dataset.json`);
    await expect(store.open(path)).rejects.toThrow(`cannot open the dataset ${path}: no such file or folder`);
  });

  it('holds few files open however many chunks it reads from', async () => {
    const format = { ...SMALL_FORMAT, pitches: 1, columns: 8, channels: SMALL_FORMAT.channels.slice(0, 1) };
    const rolls = Array.from({ length: 66 }, (_, i) => packRoll(testRoll(i, format)));
    const writer = await store.create(path, format, { replace: false });
    for (const roll of rolls) for (let i = 0; i < 512; i++) await writer.add(roll);
    await writer.finish(DESCRIPTION);
    const dataset = await store.open(path);
    const before = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 66; i++) dataset.packedRoll(i * 512);
    for (let i = 65; i >= 0; i--) expect([...dataset.packedRoll(i * 512 + 3)]).toEqual([...rolls[i]!]);
    expect(readdirSync('/proc/self/fd').length - before).toBeLessThanOrEqual(64);
    await dataset.close();
    expect(readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
  });
});
