import { beforeEach, describe, expect, it } from '@jest/globals';
import { AlreadyExistsError, DamagedFileError, FileAccessError } from '../../src/domain/errors.js';
import { packRoll, type PianoRoll } from '../../src/domain/roll/piano-roll.js';
import type { RollFormat } from '../../src/domain/roll/roll-format.js';
import type { DatasetDescription, DatasetStore } from '../../src/ports/dataset-store.js';

/** A store, and ways to spoil what it keeps. */
interface DatasetStoreUnderTest {
  readonly store: DatasetStore;
  /** A path in a folder that exists, at which nothing stands. */
  readonly path: string;
  /** Whether anything stands at a path. */
  exists(path: string): boolean;
  /** Spoils a file of the finished dataset at `path`. */
  damage(file: 'dataset.json' | 'chunk-00000.npy', how: 'changed' | 'cut' | 'missing'): void;
  /** Makes it one of a version that does not exist yet. */
  changeVersion(): void;
}

export const SMALL_FORMAT: RollFormat = {
  lowestPitch: 60,
  pitches: 3,
  columns: 16,
  columnsPerBeat: 2,
  channels: [
    { voice: 'melody', kind: 'sustain' },
    { voice: 'all', kind: 'onset' },
  ],
};

export const DESCRIPTION: DatasetDescription = {
  preparation: { windows: 'all', layback: 2, transpose: { from: -1, to: 3 }, fold: true },
  origin: 'folder "é"',
  sources: [
    { name: 'a.mid', outcome: 'used', sha256: 'ab'.repeat(32), rolls: 3, notes: 40, notesOutside: 1 },
    { name: 'b\n.mid', outcome: 'refused', reason: 'byte 7: nonsense', rolls: 0, notes: 0, notesOutside: 0 },
  ],
};

/** Roll `i` of a row of rolls that all differ. */
export function testRoll(i: number, format = SMALL_FORMAT): PianoRoll {
  const size = format.channels.length * format.pitches * format.columns;
  // Parities of quadratic residues: scattered and cheap.
  const cells = Uint8Array.from({ length: size }, (_, cell) => (((i * size + cell + 1) ** 2 * 31) % 65_521) & 1);
  return { format, cells };
}

/** Writes `rolls` rolls, the first one being roll `from`. */
export async function writeTestDataset(
  store: DatasetStore,
  path: string,
  rolls: number,
  { from = 0, replace = false } = {},
) {
  const writer = await store.create(path, SMALL_FORMAT, { replace });
  for (let i = 0; i < rolls; i++) await writer.add(packRoll(testRoll(from + i)));
  return writer.finish(DESCRIPTION);
}

/** What every DatasetStore promises. */
export function datasetStoreContract(name: string, make: () => DatasetStoreUnderTest): void {
  describe(`DatasetStore: ${name}`, () => {
    let test: DatasetStoreUnderTest;
    let store: DatasetStore;
    let path: string;
    beforeEach(() => {
      test = make();
      ({ store, path } = test);
    });

    it('gives the rolls back in the order in which they were added, and counts them', async () => {
      const written = await writeTestDataset(store, path, 515);
      expect(written).toMatchObject({ version: 1, format: SMALL_FORMAT, rolls: 515, ...DESCRIPTION });
      expect(written.chunks.map(({ file, rolls }) => [file, rolls])).toEqual([
        ['chunk-00000.npy', 512],
        ['chunk-00001.npy', 3],
      ]);
      const dataset = await store.open(path);
      expect(dataset.manifest).toEqual(written);
      const kept = dataset.packedRoll(514);
      for (const i of [0, 514, 511, 512, 1, 513])
        expect([...dataset.packedRoll(i)]).toEqual([...packRoll(testRoll(i))]);
      expect([...kept]).toEqual([...packRoll(testRoll(514))]);
      await dataset.close();

      const together = await store.create(`${path}-2`, SMALL_FORMAT, { replace: false });
      const rolls = Buffer.concat(Array.from({ length: 515 }, (_, i) => packRoll(testRoll(i))));
      const size = rolls.length / 515;
      for (const [from, to] of [
        [0, 0],
        [0, 7],
        [7, 514],
        [514, 515],
      ] as const) {
        const given = rolls.subarray(from * size, to * size);
        await together.add(given);
        given.fill(0xff); // the bytes are free again
      }
      expect(await together.finish(DESCRIPTION)).toEqual(written);
    });

    it('shows no dataset until it is finished, and none after it was abandoned', async () => {
      const writer = await store.create(path, SMALL_FORMAT, { replace: false });
      for (let i = 0; i < 513; i++) await writer.add(packRoll(testRoll(i)));
      expect(test.exists(path)).toBe(false);
      await writer.abandon();
      expect(test.exists(path)).toBe(false);
      await expect(store.open(path)).rejects.toThrow(FileAccessError);
    });

    it('gives equal digests for equal rolls in equal order, and others otherwise', async () => {
      const first = await writeTestDataset(store, path, 5);
      const again = await writeTestDataset(store, `${path}-2`, 5);
      const shifted = await writeTestDataset(store, `${path}-3`, 5, { from: 1 });
      expect(again).toEqual(first);
      expect(shifted.digest).not.toBe(first.digest);
      expect(shifted.chunks[0]!.sha256).not.toBe(first.chunks[0]!.sha256);
    });

    it('refuses a path that exists, unless it replaces; then it keeps the old one until it is finished', async () => {
      const first = await writeTestDataset(store, path, 3);
      await expect(store.create(path, SMALL_FORMAT, { replace: false })).rejects.toThrow(AlreadyExistsError);
      const writer = await store.create(path, SMALL_FORMAT, { replace: true });
      await writer.add(packRoll(testRoll(9)));
      expect((await store.open(path)).manifest).toEqual(first);
      await writer.abandon();
      expect((await store.open(path)).manifest).toEqual(first);
      await writeTestDataset(store, path, 1, { from: 9, replace: true });
      const dataset = await store.open(path);
      expect(dataset.manifest.rolls).toBe(1);
      expect([...dataset.packedRoll(0)]).toEqual([...packRoll(testRoll(9))]);
      await dataset.close();
    });

    it.each([
      ['dataset.json', 'changed'],
      ['dataset.json', 'cut'],
      ['chunk-00000.npy', 'changed'],
      ['chunk-00000.npy', 'cut'],
      ['chunk-00000.npy', 'missing'],
    ] as const)('does not open a dataset whose %s is %s, and names the file', async (file, how) => {
      await writeTestDataset(store, path, 4);
      test.damage(file, how);
      await expect(store.open(path)).rejects.toThrow(DamagedFileError);
      await expect(store.open(path)).rejects.toThrow(file);
    });

    it('does not open what is not there, or is of another version', async () => {
      await expect(store.open(path)).rejects.toThrow(FileAccessError);
      await expect(store.open(path)).rejects.toThrow(path);
      await writeTestDataset(store, path, 2);
      test.changeVersion();
      await expect(store.open(path)).rejects.toThrow(DamagedFileError);
      await expect(store.open(path)).rejects.toThrow(/version/);
    });
  });
}
