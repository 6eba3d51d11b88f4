import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { READ_AHEAD, type WorkerPool } from '../../src/ports/worker-pool.js';

/** An input of `countingTask` in test/support/worker-pool-tasks.mjs, where its parts are told. */
export interface CountingInput {
  readonly id: number;
  readonly outputs: number;
  readonly wait?: number;
  readonly failAt?: number;
  readonly counters?: Int32Array;
}

export interface CountingOutput {
  readonly id: number;
  readonly i: number;
  /** id and i */
  readonly bytes: Uint8Array;
}

interface WorkerPoolUnderTest {
  /** Does `countingTask`. */
  readonly workerPool: WorkerPool<CountingInput, CountingOutput>;
  /** How many work at once. */
  readonly workers: number;
}

/** Outputs of one input that may be made before the first of them is taken, at most. */
const OUTPUTS_AHEAD = 2;

/** What every Workforce promises. */
export function workerPoolContract(name: string, make: () => WorkerPoolUnderTest): void {
  const shared = (): Int32Array => new Int32Array(new SharedArrayBuffer(8));

  describe(`Workforce: ${name}`, () => {
    it('gives all outputs in the order of the inputs, whatever is done first', async () => {
      const input = fc.record({ outputs: fc.nat(5), wait: fc.constantFrom(0, 0, 1, 7) });
      const run = fc.asyncProperty(fc.array(input, { maxLength: 20 }), async (parts) => {
        const inputs = parts.map((part, id) => ({ ...part, id }));
        const wanted = inputs.flatMap(({ id, outputs }) =>
          Array.from({ length: outputs }, (_, i) => ({ id, i, bytes: [id, i] })),
        );
        const got: unknown[] = [];
        for await (const { bytes, ...rest } of make().workerPool.run(inputs)) got.push({ ...rest, bytes: [...bytes] });
        expect(got).toEqual(wanted);
      });
      await fc.assert(run, { numRuns: 12 });
    });

    it('asks for few inputs more than those whose outputs were all consumed', async () => {
      const { workerPool, workers } = make();
      let asked = 0;
      const inputs = function* (): Generator<CountingInput> {
        for (let id = 0; id < 60; id++) {
          asked++;
          yield { id, outputs: 2 };
        }
      };
      const aheads: number[] = [];
      for await (const { id } of workerPool.run(inputs())) {
        if (id % 20 === 0) await sleep(20); // time to run ahead
        aheads.push(asked - id);
      }
      expect(aheads).toHaveLength(120);
      expect(Math.max(...aheads)).toBeLessThanOrEqual(READ_AHEAD * workers);
    });

    it('pauses an input whose outputs are not consumed', async () => {
      const { workerPool, workers } = make();
      const counters = shared();
      const inputs = [0, 1, 2, 3].map((id) => ({ id, outputs: 1_000_000, counters }));
      let taken = 0;
      for await (const { id, i } of workerPool.run(inputs)) {
        expect([id, i]).toEqual([0, taken]);
        taken++;
        await sleep(3);
        expect(Atomics.load(counters, 0)).toBeLessThanOrEqual(taken + workers * (OUTPUTS_AHEAD + 1));
        if (taken === 20) break;
      }
      expect(taken).toBe(20);
    });

    it('throws what a task throws, after the outputs before it', async () => {
      const inputs = [0, 1, 2, 3].map((id) => ({ id, outputs: 3, ...(id === 2 ? { failAt: 1 } : {}) }));
      const got: string[] = [];
      const run = async (): Promise<void> => {
        for await (const { id, i } of make().workerPool.run(inputs)) got.push(`${id}.${i}`);
      };
      const error: unknown = await run().catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).toBe('task 2 cannot go on after 1');
      expect(got).toEqual(['0.0', '0.1', '0.2', '1.0', '1.1', '1.2', '2.0']);
    });

    it.each(['leaves', 'is left by an error'])('has nothing that works on when who asked %s', async (how) => {
      const counters = shared();
      const inputs = function* (): Generator<CountingInput> {
        for (let id = 0; ; id++) {
          if (how !== 'leaves' && id === 12) throw new Error('no more inputs');
          yield { id, outputs: 3, wait: 2, counters };
        }
      };
      const run = async (): Promise<string> => {
        for await (const { id } of make().workerPool.run(inputs())) if (how === 'leaves' && id === 2) return 'left';
        return 'all';
      };
      expect(await run().catch((error: Error) => error.message)).toBe(how === 'leaves' ? 'left' : 'no more inputs');
      const begun = Atomics.load(counters, 0);
      await sleep(50);
      expect(Atomics.load(counters, 0)).toBe(begun);
      expect(begun).toBeGreaterThan(6);
    });
  });
}
