import { beforeEach, describe, expect, it } from '@jest/globals';
import { FileAccessError } from '../../src/domain/errors.js';
import type { FileStore } from '../../src/ports/file-store.js';
import { equalBytes } from '../support/equal-bytes.js';

/** A store, and a folder in it that exists and is empty. */
interface FileStoreUnderTest {
  readonly files: FileStore;
  readonly root: string;
}

/** What every FileStore promises. */
export function fileStoreContract(name: string, make: () => Promise<FileStoreUnderTest>): void {
  describe(`FileStore: ${name}`, () => {
    let files: FileStore;
    let root: string;
    beforeEach(async () => {
      ({ files, root } = await make());
    });

    it('reads back what was written; a second write replaces the first', async () => {
      const path = `${root}/tune.mid`;
      const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256);
      await files.write(path, bytes);
      expect(equalBytes(await files.read(path), bytes)).toBe(true);
      await files.write(path, Uint8Array.of(7, 8));
      expect([...(await files.read(path))]).toEqual([7, 8]);
    });

    it('rejects a write that fails, naming the path, and leaves the old file and nothing else', async () => {
      await files.write(`${root}/old`, Uint8Array.of(1, 2, 3));
      await files.write(`${root}/folder/inner`, Uint8Array.of(4));
      await expect(files.write(`${root}/old/below`, Uint8Array.of(9))).rejects.toThrow(FileAccessError);
      await expect(files.write(`${root}/old/below`, Uint8Array.of(9))).rejects.toThrow(`${root}/old/below`);
      await expect(files.write(`${root}/folder`, Uint8Array.of(9))).rejects.toThrow(FileAccessError);
      await expect(files.write(`${root}/folder`, Uint8Array.of(9))).rejects.toThrow(`${root}/folder`);
      expect([...(await files.read(`${root}/old`))]).toEqual([1, 2, 3]);
      expect([...(await files.read(`${root}/folder/inner`))]).toEqual([4]);
      expect(await files.list(root)).toEqual(['folder', 'old']);
    });

    it('makes missing parent folders', async () => {
      await files.write(`${root}/a/b/c.png`, Uint8Array.of(5));
      expect([...(await files.read(`${root}/a/b/c.png`))]).toEqual([5]);
      expect(await files.kind(`${root}/a/b`)).toBe('folder');
    });

    it('rejects reading what is not there, naming the path', async () => {
      await expect(files.read(`${root}/nothing.onnx`)).rejects.toThrow(FileAccessError);
      await expect(files.read(`${root}/nothing.onnx`)).rejects.toThrow(`${root}/nothing.onnx`);
    });

    it('rejects reading a file of more bytes than the limit, naming the path', async () => {
      await files.write(`${root}/ten`, new Uint8Array(10));
      expect(await files.read(`${root}/ten`, 10)).toHaveLength(10);
      await expect(files.read(`${root}/ten`, 9)).rejects.toThrow(FileAccessError);
      await expect(files.read(`${root}/ten`, 9)).rejects.toThrow(`${root}/ten`);
    });

    it('gives the first bytes of a file, fewer only where it ends', async () => {
      await files.write(`${root}/some`, Uint8Array.of(5, 6, 7));
      expect([...(await files.readStart(`${root}/some`, 2))]).toEqual([5, 6]);
      expect([...(await files.readStart(`${root}/some`, 16))]).toEqual([5, 6, 7]);
      await expect(files.readStart(`${root}/nothing`, 2)).rejects.toThrow(`${root}/nothing`);
    });

    it('tells file, folder and absent apart, and never rejects for a path that does not exist', async () => {
      await files.write(`${root}/folder/file`, Uint8Array.of(1));
      expect(await files.kind(`${root}/folder/file`)).toBe('file');
      expect(await files.kind(`${root}/folder`)).toBe('folder');
      for (const absent of ['nothing', 'no/where', 'folder/file/below', 'x'.repeat(300), 'nul\0l']) {
        expect(await files.kind(`${root}/${absent}`)).toBe('absent');
      }
    });

    it('lists names in order of code points', async () => {
      const names = ['b', 'a10', 'B', 'ä', '\u{1d11e}', '\uff01', 'a9', 'sub'];
      for (const each of names) await files.write(`${root}/${each === 'sub' ? 'sub/x' : each}`, Uint8Array.of(1));
      expect(await files.list(root)).toEqual(['B', 'a10', 'a9', 'b', 'sub', 'ä', '\uff01', '\u{1d11e}']);
      await expect(files.list(`${root}/nowhere`)).rejects.toThrow(FileAccessError);
    });
  });
}
