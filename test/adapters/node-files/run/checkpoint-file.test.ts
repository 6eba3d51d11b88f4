import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCheckpoint, writeCheckpoint } from '../../../../src/adapters/node-files/run/checkpoint-file.js';
import { DamagedFileError, FileAccessError } from '../../../../src/domain/errors.js';
import type { Checkpoint } from '../../../../src/domain/training/checkpoint.js';
import { bitsOf, checkpointOf } from '../../../support/run-fixtures.js';
import { scratchFolders } from '../../../support/files/scratch.js';
import { randomTensor, tensor } from '../../../support/tensor/graph-cases.js';
import { startStopwatch } from '../../../support/stopwatch.js';

const scratch = scratchFolders();
const saved = checkpointOf(123);
let path: string;
let bytes: Buffer;

beforeAll(async () => {
  path = join(scratch(), 'step-000000123.safetensors');
  await writeCheckpoint(path, saved);
  bytes = readFileSync(path);
});

const read = (file = path): Promise<Checkpoint> => readCheckpoint(file, saved.model);

/** Reads what `change` makes of the good file. */
async function readChanged(change: (bytes: Buffer) => Buffer): Promise<unknown> {
  const file = join(path, '..', 'changed.safetensors');
  writeFileSync(file, change(Buffer.from(bytes)));
  return read(file).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a checkpoint file', () => {
  it('gives back what was written, bit for bit', async () => {
    const { step, model, state } = await read();
    expect({ step, model }).toEqual({ step: 123, model: saved.model });
    expect(bitsOf(state)).toEqual(bitsOf(saved.state));
  });

  it('is a safetensors file, read by hand as its format says', () => {
    const length = Number(bytes.readBigUInt64LE(0));
    expect(length % 8).toBe(0);
    const { __metadata__: metadata, ...tensors } = JSON.parse(bytes.toString('utf8', 8, 8 + length));
    const payload = bytes.subarray(8 + length);
    expect(Object.keys(tensors)).toEqual([...saved.state.keys()].sort());
    let end = 0;
    for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries<TensorFacts>(tensors)) {
      const want = saved.state.get(name)!;
      expect([dtype, shape, offsets]).toEqual(['F32', want.shape, [end, end + 4 * want.data.length]]);
      want.data.forEach((value, i) => expect(payload.readFloatLE(end + 4 * i)).toBe(value));
      end = offsets[1];
    }
    expect(payload.length).toBe(end);
    expect(metadata).toMatchObject({ format: 'apollo-checkpoint', version: '1', step: '123' });
    expect(JSON.parse(metadata.model)).toEqual(saved.model);
    expect(metadata.sha256).toBe(createHash('sha256').update(payload).digest('hex'));
    expect(Object.values(metadata).every((value) => typeof value === 'string')).toBe(true);
  });

  it('depends on nothing but the checkpoint: not on the order of its tensors', async () => {
    const other = join(scratch(), 'again');
    await writeCheckpoint(other, { ...saved, state: new Map([...saved.state].reverse()) });
    expect(readFileSync(other).equals(bytes)).toBe(true);
  });

  it('holds any names', async () => {
    const names = ['__proto__', '10', '9', 'a "b" \\ c', 'größe\u{1f3b5}', '\uff01', 'constructor', ''];
    const state = new Map(names.map((name, i) => [name, tensor([1, 2], i, -i)]));
    const file = join(scratch(), 'names');
    await writeCheckpoint(file, { ...saved, state });
    expect(bitsOf((await read(file)).state)).toEqual(bitsOf(state));
  });

  it('may hold a tensor larger than one system call takes, and views into larger arrays', async () => {
    const whole = randomTensor([5000], 3);
    const state = new Map([
      ['large', { shape: [5_000_000], data: new Float32Array(5_000_000).map((_, i) => i) }],
      ['view', { shape: [7], data: whole.data.subarray(11, 18) }],
    ]);
    const file = join(scratch(), 'large');
    await writeCheckpoint(file, { ...saved, state });
    const back = (await read(file)).state;
    expect(Buffer.from(back.get('large')!.data.buffer).equals(Buffer.from(state.get('large')!.data.buffer))).toBe(true);
    expect([...back.get('view')!.data]).toEqual([...whole.data.slice(11, 18)]);
  });
});

describe('damage', () => {
  const payloadAt = (): number => 8 + Number(bytes.readBigUInt64LE(0));

  it('of any one bit is found, and the tensor named when it is one', async () => {
    const bit = fc.nat(8 * bytes.length - 1);
    await fc.assert(
      fc.asyncProperty(bit, async (at) => {
        const error = await readChanged((changed) => {
          changed[at >> 3]! ^= 1 << (at & 7);
          return changed;
        });
        expect(error).toBeInstanceOf(DamagedFileError);
        expect((error as Error).message).toContain('changed.safetensors');
        if (at >> 3 >= payloadAt())
          expect((error as Error).message).toMatch(/tensor "[a-z_.0-9]+" \[[\d, ]*\] was changed/);
      }),
      { numRuns: 500 },
    );
  });

  it('of every header byte, by every kind of change, is found', async () => {
    for (let at = 0; at < payloadAt(); at += 3) {
      const error = await readChanged((changed) => {
        changed[at] = (changed[at]! + 1 + (at % 255)) & 255;
        return changed;
      });
      expect(error).toBeInstanceOf(DamagedFileError);
    }
  });

  it('by cutting or adding is found at every length, and the tensor named', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
        const error = await readChanged((changed) => changed.subarray(0, length));
        expect(error).toBeInstanceOf(DamagedFileError);
        if (length >= payloadAt()) expect((error as Error).message).toMatch(/cut short: it ends before or in tensor "/);
      }),
      { numRuns: 200 },
    );
    expect(await readChanged((changed) => Buffer.concat([changed, Buffer.alloc(3)]))).toMatchObject({
      message: expect.stringContaining('3 bytes too many'),
    });
  });

  it('of a tensor names it', async () => {
    const error = await readChanged((changed) => {
      changed[changed.length - 1]! ^= 1;
      return changed;
    });
    expect((error as Error).message).toContain('tensor "generator.1.norm.scale" [2, 3] was changed');
  });

  it('of another model or version is told apart', async () => {
    await expect(readCheckpoint(path, { architecture: 'dcgan-a', depth: 32 })).rejects.toThrow(
      'it belongs to dcgan-a of depth 2, not to dcgan-a of depth 32',
    );
    const other = await readChanged((changed) =>
      rewriteHeader(changed, (text) => text.replace('"version":"1"', '"version":"2"')),
    );
    expect((other as Error).message).toContain('it has version 2, but this program reads version 1');
    const foreign = await readChanged((changed) =>
      rewriteHeader(changed, (text) => text.replace('apollo-checkpoint', 'pt')),
    );
    expect((foreign as Error).message).toContain('it is no checkpoint of this program');
  });

  it('is said of what is no file, and access of what is not there', async () => {
    const folder = join(scratch(), 'step-000000001.safetensors');
    mkdirSync(folder);
    await expect(read(folder)).rejects.toThrow('is a folder, not a file');
    await expect(read(join(folder, 'absent'))).rejects.toThrow(FileAccessError);
  });
});

describe('hostile headers are refused at once', () => {
  const tensorText = (shape: string, from: number, to: number): string =>
    `{"dtype":"F32","shape":${shape},"data_offsets":[${from},${to}]}`;
  it.each([
    ['no JSON', '{'],
    ['an array', '[]'],
    ['deep JSON', '['.repeat(400_000)],
    ['deep JSON that closes', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['no metadata', `{"a":${tensorText('[1]', 0, 4)}}`],
    ['metadata that is no text', '{"__metadata__":{"format":1}}'],
    ['a prototype', '{"__metadata__":{"format":"apollo-checkpoint"},"__proto__":{"dtype":"F32"}}'],
    ['an overlap', `{"__metadata__":{},"a":${tensorText('[2]', 0, 8)},"b":${tensorText('[2]', 4, 12)}}`],
    ['a hole', `{"__metadata__":{},"a":${tensorText('[1]', 0, 4)},"b":${tensorText('[1]', 8, 12)}}`],
    ['a negative length', `{"__metadata__":{},"a":${tensorText('[-1,-1]', 0, 4)}}`],
    ['a length beyond all numbers', `{"__metadata__":{},"a":${tensorText('[1e300]', 0, 4)}}`],
    [
      'a product beyond all numbers',
      `{"__metadata__":{},"a":${tensorText('[2147483648,2147483648,2147483648]', 0, 4)}}`,
    ],
    ['a tensor larger than the file', `{"__metadata__":{},"a":${tensorText('[1000000000000]', 0, 4000000000000)}}`],
    ['another type', '{"__metadata__":{},"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}'],
    ['the same name twice', `{"__metadata__":{},"a":${tensorText('[1]', 0, 4)},"a":${tensorText('[1]', 0, 4)}}`],
  ])('%s', async (_what, header) => {
    const spent = startStopwatch();
    const error = await readChanged(() =>
      rewriteHeader(Buffer.concat([headerOf('{}'), Buffer.alloc(64)]), () => header),
    );
    expect(error).toBeInstanceOf(DamagedFileError);
    expect((error as Error).message.length).toBeLessThan(300);
    expect(spent()).toBeLessThan(1000);
  });

  it('a length beyond the file, or beyond all memory', async () => {
    for (const length of [1n << 20n, 1n << 40n, (1n << 64n) - 1n]) {
      const error = await readChanged((changed) => {
        changed.writeBigUInt64LE(length);
        return changed;
      });
      expect((error as Error).message).toContain(
        `its header would be ${length} bytes long in a file of ${bytes.length}`,
      );
    }
  });

  it('a sealed header whose tensor the file does not hold takes no memory', async () => {
    const file = join(scratch(), 'huge');
    await writeCheckpoint(file, { ...saved, state: new Map([['w', tensor([4], 1, 2, 3, 4)]]) });
    truncateSync(file, 8 + Number(readFileSync(file).readBigUInt64LE(0)) + 8);
    await expect(read(file)).rejects.toThrow('it was cut short: it ends before or in tensor "w"');
  });
});

it('a failed save leaves the old file and no other', async () => {
  const folder = scratch();
  const file = join(folder, 'step-000000001.safetensors');
  await writeCheckpoint(file, checkpointOf(1));
  const before = readFileSync(file);
  mkdirSync(join(folder, 'taken'));
  writeFileSync(join(folder, 'taken', 'x'), '');
  await expect(writeCheckpoint(join(folder, 'taken'), checkpointOf(2))).rejects.toThrow(FileAccessError);
  await expect(writeCheckpoint(join(file, 'below'), checkpointOf(2))).rejects.toThrow(FileAccessError);
  expect(readdirSync(folder).sort()).toEqual(['step-000000001.safetensors', 'taken']);
  expect(readFileSync(file).equals(before)).toBe(true);
});

type TensorFacts = { readonly dtype: string; readonly shape: number[]; readonly data_offsets: [number, number] };

function headerOf(json: string): Buffer {
  const text = Buffer.from(json);
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded]);
}

/** The file with another header, its length put right. */
function rewriteHeader(file: Buffer, change: (json: string) => string): Buffer {
  const end = 8 + Number(file.readBigUInt64LE(0));
  return Buffer.concat([headerOf(change(file.toString('utf8', 8, end).trimEnd())), file.subarray(end)]);
}
