import { describe, expect, it } from '@jest/globals';
import { AlreadyExistsError, DamagedFileError, FileAccessError, RunInUseError } from '../../src/domain/errors.js';
import type { Run, RunStore } from '../../src/ports/run-store.js';
import { bitsOf, checkpointOf, configuration, entryOf } from '../support/run-fixtures.js';

/** A store, a path where nothing stands, and what befalls runs from outside. */
interface RunStoreUnderTest {
  readonly store: RunStore;
  readonly path: string;
  /** Changes the checkpoint of a step; returns a part of its file's name. */
  damageCheckpoint(step: number): Promise<string>;
  /** Changes the configuration of the run so that it is none. */
  damageConfiguration(): Promise<void>;
  /** Leaves the run held by a process that has died since. */
  leaveDeadLock(): Promise<void>;
}

/** Every promise of src/ports/run-store.ts. */
export function runStoreContract(name: string, make: () => RunStoreUnderTest): void {
  describe(`RunStore contract: ${name}`, () => {
    const created = async (): Promise<RunStoreUnderTest & { readonly run: Run }> => {
      const bench = make();
      return { ...bench, run: await bench.store.create(bench.path, configuration, { replace: false }) };
    };
    const reopened = async ({ store, path, run }: { store: RunStore; path: string; run: Run }): Promise<Run> => {
      await run.close();
      return store.open(path, 'write');
    };

    it('a checkpoint comes back bit for bit; the newest one wins; only those to retain stay', async () => {
      const bench = await created();
      expect(await bench.run.latestCheckpoint()).toEqual({ checkpoint: undefined, skipped: [] });
      await bench.run.saveCheckpoint(checkpointOf(2), new Set([2]));
      await bench.run.saveCheckpoint(checkpointOf(4), new Set([2, 4]));
      await bench.run.saveCheckpoint(checkpointOf(10), new Set([4])); // the one just saved always stays
      const run = await reopened(bench);
      expect(await run.checkpointSteps()).toEqual([4, 10]);
      const { checkpoint, skipped } = await run.latestCheckpoint();
      expect(skipped).toEqual([]);
      expect({ step: checkpoint!.step, model: checkpoint!.model }).toEqual({ step: 10, model: configuration.model });
      expect(bitsOf(checkpoint!.state)).toEqual(bitsOf(checkpointOf(10).state));
      await run.saveCheckpoint(checkpointOf(10), new Set());
      expect(await run.checkpointSteps()).toEqual([10]);
      await run.close();
    });

    it('a checkpoint of a later step than the one being saved goes', async () => {
      const { run, damageCheckpoint } = await created();
      await run.saveCheckpoint(checkpointOf(3), new Set());
      await run.saveCheckpoint(checkpointOf(6), new Set([3]));
      await damageCheckpoint(6);
      await run.saveCheckpoint(checkpointOf(4), new Set([3, 6]));
      expect(await run.checkpointSteps()).toEqual([3, 4]);
      await run.close();
    });

    it('a damaged newest checkpoint is skipped for the one before it, and reported', async () => {
      const { run, damageCheckpoint } = await created();
      await run.saveCheckpoint(checkpointOf(3), new Set());
      await run.saveCheckpoint(checkpointOf(6), new Set([3]));
      const file = await damageCheckpoint(6);
      const { checkpoint, skipped } = await run.latestCheckpoint();
      expect(checkpoint!.step).toBe(3);
      expect(bitsOf(checkpoint!.state)).toEqual(bitsOf(checkpointOf(3).state));
      expect(skipped).toHaveLength(1);
      expect(skipped[0]!.file).toContain(file);
      expect(skipped[0]!.reason).toMatch(/changed/);
      expect(await run.checkpointSteps()).toEqual([3, 6]);
      await run.close();
    });

    it('any checkpoint that is kept can be had by its step; one that is not there, or damaged, is named', async () => {
      const { run, damageCheckpoint } = await created();
      await expect(run.checkpointAt(3)).rejects.toThrow(FileAccessError);
      await run.saveCheckpoint(checkpointOf(3), new Set());
      await run.saveCheckpoint(checkpointOf(6), new Set([3]));
      const { step, model, state } = await run.checkpointAt(3);
      expect({ step, model }).toEqual({ step: 3, model: configuration.model });
      expect(bitsOf(state)).toEqual(bitsOf(checkpointOf(3).state));
      await expect(run.checkpointAt(4)).rejects.toThrow(/no checkpoint of step 4; there are those of step 3, 6/);
      const file = await damageCheckpoint(6);
      await expect(run.checkpointAt(6)).rejects.toThrow(DamagedFileError);
      await expect(run.checkpointAt(6)).rejects.toThrow(file);
      await run.close();
    });

    it('log lines come back in order; rewind drops those after the step', async () => {
      const bench = await created();
      expect(await bench.run.readLog()).toEqual([]);
      await bench.run.appendLog([1, 2, 3].map(entryOf));
      await bench.run.appendLog([entryOf(4)]);
      await bench.run.appendLog([]);
      expect(await bench.run.readLog()).toEqual([1, 2, 3, 4].map(entryOf));
      const run = await reopened(bench);
      await run.rewind(2, 1);
      await run.appendLog([entryOf(3)]);
      expect(await run.readLog()).toEqual([1, 2, 3].map(entryOf));
      await run.rewind(0, 0);
      expect(await run.readLog()).toEqual([]);
      await run.close();
    });

    it('a configuration that is replaced stays replaced', async () => {
      const bench = await created();
      expect(bench.run.configuration).toEqual(configuration);
      await bench.run.replaceConfiguration({ ...configuration, epochs: 9 });
      expect(bench.run.configuration.epochs).toBe(9);
      const run = await reopened(bench);
      expect(run.configuration).toEqual({ ...configuration, epochs: 9 });
      await run.close();
    });

    it('creating where something stands rejects with AlreadyExistsError, unless replace', async () => {
      const { store, path, run } = await created();
      await run.saveCheckpoint(checkpointOf(2), new Set());
      await run.appendLog([entryOf(1)]);
      await run.close();
      await expect(store.create(path, configuration, { replace: false })).rejects.toThrow(AlreadyExistsError);
      expect(await (await store.open(path, 'read')).checkpointSteps()).toEqual([2]);
      const anew = await store.create(path, { ...configuration, seed: 8 }, { replace: true });
      expect(anew.configuration.seed).toBe(8);
      expect([await anew.checkpointSteps(), await anew.readLog()]).toEqual([[], []]);
      await anew.close();
    });

    it('opening what is not a run rejects, naming it', async () => {
      const bench = await created();
      await expect(bench.store.open(`${bench.path}-absent`, 'write')).rejects.toThrow(FileAccessError);
      await expect(bench.store.open(`${bench.path}-absent`, 'read')).rejects.toThrow(`${bench.path}-absent`);
      await bench.run.close();
      await bench.damageConfiguration();
      await expect(bench.store.open(bench.path, 'read')).rejects.toThrow(DamagedFileError);
      await expect(bench.store.open(bench.path, 'write')).rejects.toThrow(bench.path);
    });

    describe('only one process holds a run', () => {
      it('a second holder is refused until the first has closed it; readers are not', async () => {
        const { store, path, run } = await created();
        await expect(store.open(path, 'write')).rejects.toThrow(RunInUseError);
        await expect(store.create(path, configuration, { replace: true })).rejects.toThrow(RunInUseError);
        const reader = await store.open(path, 'read');
        await reader.close();
        await expect(store.open(path, 'write')).rejects.toThrow(RunInUseError);
        await run.close();
        const second = await store.open(path, 'write');
        await expect(store.open(path, 'write')).rejects.toThrow(path);
        await run.close(); // again: it is no longer his to let go
        await expect(store.open(path, 'write')).rejects.toThrow(RunInUseError);
        await second.close();
      });

      it('the lock of a dead process is ignored', async () => {
        const { store, path, run, leaveDeadLock } = await created();
        await run.close();
        await leaveDeadLock();
        const next = await store.open(path, 'write');
        await expect(store.open(path, 'write')).rejects.toThrow(RunInUseError);
        await next.close();
      });
    });

    it('a model that is saved has a path', async () => {
      const { run, path } = await created();
      expect(await run.saveModel(Uint8Array.of(1, 2, 3), 'fp32')).toContain(path);
      expect(await run.saveModel(Uint8Array.of(4), 'int8')).toMatch(/model-int8\.onnx$/);
      await run.saveSample(1, 'tune.mid', Uint8Array.of(4));
      await run.close();
    });
  });
}
