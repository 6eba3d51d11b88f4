import { describe, expect, it } from '@jest/globals';
import {
  datasetDigest,
  decodeManifest,
  encodeManifest,
} from '../../../../src/adapters/node-files/dataset/dataset-manifest-file.js';
import type { DatasetManifest } from '../../../../src/domain/dataset/manifest.js';
import { DamagedFileError } from '../../../../src/domain/errors.js';
import { DESCRIPTION, SMALL_FORMAT } from '../../../contracts/dataset-store.contract.js';

const chunks = [{ file: 'chunk-00000.npy', rolls: 7, sha256: 'cd'.repeat(32) }];
const MANIFEST: DatasetManifest = {
  version: 1,
  format: SMALL_FORMAT,
  ...DESCRIPTION,
  rolls: 7,
  chunks,
  digest: datasetDigest({ format: SMALL_FORMAT, chunks }),
};

describe('dataset.json', () => {
  it('comes back as it was', async () => {
    expect(await decodeManifest(encodeManifest(MANIFEST), 'x/dataset.json')).toEqual(MANIFEST);
  });

  /** Changes that a person could have made who then mended the SHA-256. */
  it.each<[string, object, RegExp]>([
    ['a version to come', { version: 2 }, /version 2.*reads version 1/],
    ['no version', { version: undefined }, /version undefined/],
    ['a negative count', { rolls: -7 }, /rolls/],
    ['another count', { rolls: 8 }, /7 rolls, but it says 8/],
    ['a chunk elsewhere', { chunks: [{ ...chunks[0], file: '../chunk-00000.npy' }] }, /chunk 0 is called/],
    ['a chunk too large', { rolls: 513, chunks: [{ ...chunks[0], rolls: 513 }] }, /513/],
    ['other chunks', { chunks: [{ ...chunks[0], sha256: 'ef'.repeat(32) }] }, /digest/],
    ['a format out of range', { format: { ...SMALL_FORMAT, lowestPitch: 127 } }, /roll format.*pitches/],
    ['a huge format', { format: { ...SMALL_FORMAT, columns: 1e15 } }, /roll format.*columns/],
    ['text for a number', { format: { ...SMALL_FORMAT, columns: '16' } }, /format\.columns/],
    ['an unknown member', { extra: 1 }, /extra/],
    ['no sources', { sources: undefined }, /sources/],
  ])('with %s is refused', async (_, changes, message) => {
    const text = encodeManifest({ ...MANIFEST, ...changes } as DatasetManifest);
    const error: unknown = await decodeManifest(text, 'x/dataset.json').catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(DamagedFileError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/^x\/dataset\.json /);
  });

  it.each([
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['deep nesting', `{"version": 1, "a": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['a prototype', '{"__proto__": {"version": 1}}'],
    ['a member twice', encodeManifest(MANIFEST).replace('{', '{\n "rolls": 7,')],
    ['other spaces', encodeManifest(MANIFEST).replace(': ', ':  ')],
    ['a mark in front', `\ufeff${encodeManifest(MANIFEST)}`],
  ])('that is %s is refused', async (_, text) => {
    await expect(decodeManifest(text, 'x/dataset.json')).rejects.toThrow(DamagedFileError);
  });
});
