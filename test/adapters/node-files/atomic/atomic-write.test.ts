import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { writeFileAtomic } from '../../../../src/adapters/node-files/atomic/atomic-write.js';
import { FileAccessError } from '../../../../src/domain/errors.js';
import { scratchFolders } from '../../../support/files/scratch.js';

const scratch = scratchFolders();
const OLD = 'what was there before';

describe('writeFileAtomic', () => {
  let path: string;
  let folder: string;
  let handles: FileHandle; // what all open files inherit from
  beforeEach(async () => {
    folder = scratch();
    path = `${folder}/file`;
    writeFileSync(path, OLD);
    const handle = await open(path);
    handles = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
  });
  afterEach(() => void jest.restoreAllMocks());

  const write = (): Promise<void> => writeFileAtomic(path, Buffer.from('new bytes, more than a few'));
  const expectOldAlone = (): void => {
    expect(readFileSync(path, 'utf8')).toBe(OLD);
    expect(readdirSync(folder)).toEqual(['file']);
  };

  it('replaces the old file and leaves no other', async () => {
    await write();
    expect(readFileSync(path, 'utf8')).toBe('new bytes, more than a few');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('takes bytes piece by piece', async () => {
    await writeFileAtomic(
      path,
      (async function* () {
        for (const piece of ['one ', '', 'two']) yield Buffer.from(piece);
      })(),
    );
    expect(readFileSync(path, 'utf8')).toBe('one two');
  });

  it('can write a file whose name is as long as names may be', async () => {
    await writeFileAtomic(`${folder}/${'n'.repeat(255)}`, Buffer.from('x'));
    expect(readFileSync(`${folder}/${'n'.repeat(255)}`, 'utf8')).toBe('x');
  });

  it('goes on after short writes until every byte is written', async () => {
    const whole = handles.write;
    jest.spyOn(handles, 'write').mockImplementation(function (
      this: FileHandle,
      bytes: Uint8Array,
      from: number,
      length: number,
    ) {
      return Reflect.apply(whole, this, [bytes, from, Math.min(3, length)]);
    } as typeof handles.write);
    await write();
    expect(readFileSync(path, 'utf8')).toBe('new bytes, more than a few');
  });

  it.each([
    ['write', 'ENOSPC', 'no space left on device (at least 26 bytes needed)'],
    ['write', 'EIO', 'input/output error of the device'],
    ['sync', 'EIO', 'input/output error of the device'],
    ['sync', 'ENOSPC', 'no space left on device'],
    ['write', 'EROFS', 'read-only file system'],
  ] as const)('fails loudly when %s fails with %s, and keeps the old file', async (call, code, words) => {
    jest.spyOn(handles, call).mockRejectedValue(Object.assign(new Error(code), { code }) as never);
    await expect(write()).rejects.toThrow(FileAccessError);
    await expect(write()).rejects.toThrow(`cannot write ${path}: ${words}`);
    expectOldAlone();
  });

  it('does not believe a device that takes nothing, or loses bytes', async () => {
    jest.spyOn(handles, 'write').mockResolvedValue({ bytesWritten: 0 } as never);
    await expect(write()).rejects.toThrow('no space left on device');
    jest.restoreAllMocks();
    jest.spyOn(handles, 'write').mockImplementation((async (_bytes: Uint8Array, _from: number, length: number) => ({
      bytesWritten: length,
    })) as never);
    await expect(write()).rejects.toThrow('only 0 of 26 bytes arrived');
    expectOldAlone();
  });

  it('keeps the old file when its bytes stop coming', async () => {
    const broken = (async function* () {
      yield Buffer.from('half');
      throw new Error('the source ended early');
    })();
    await expect(writeFileAtomic(path, broken)).rejects.toThrow(`cannot write ${path}: the source ended early`);
    expectOldAlone();
  });

  it('says that a parent folder is missing', async () => {
    await expect(writeFileAtomic(`${folder}/no/file`, Buffer.from('x'))).rejects.toThrow('no such file or folder');
  });
});
