import { it, expect } from '@jest/globals';
import type { Tfjs } from '../../../src/adapters/tfjs/tfjs-library.js';
import type { TensorEngine } from '../../../src/ports/tensor-engine.js';
import { penaltyFeeds, penaltyProgram, penaltyState } from './penalty-program.js';

const STEPS = 200;

/** What only tfjs can tell: how many tensors and buffers it holds. */
export function tfjsLeakTests(name: string, tf: Tfjs, engine: TensorEngine): void {
  it(`tfjs, ${name}: ${STEPS} steps leave as many tensors as one, and release leaves none`, async () => {
    const held = (): readonly number[] => [tf.memory().numTensors, tf.memory().numDataBuffers];
    const before = held();
    const program = await engine.compile(penaltyProgram());
    await program.load(penaltyState());
    await program.step(penaltyFeeds(0));
    const after = held();
    expect(after[0]).toBeGreaterThan(before[0]!);
    const counts = new Set<string>();
    for (let step = 1; step < STEPS; step++) {
      await program.step(penaltyFeeds(step % 3));
      counts.add(held().join());
    }
    await program.read();
    await program.load(penaltyState());
    expect([...counts, held().join()]).toEqual([after.join(), after.join()]);
    await program.release();
    expect(held()).toEqual(before);
  }, 60_000);

  it(`tfjs, ${name}: a kernel that fails leaves nothing behind`, async () => {
    const program = await engine.compile(penaltyProgram());
    await program.load(penaltyState());
    await program.step(penaltyFeeds(0));
    const before = tf.memory().numTensors;
    const run = tf.engine().runKernel;
    let left = 40;
    tf.engine().runKernel = ((...args: Parameters<typeof run>) => {
      if (left-- === 0) throw new Error('out of memory\nmore');
      return run.apply(tf.engine(), args);
    }) as typeof run;
    await expect(program.step(penaltyFeeds(1))).rejects.toThrow('tfjs failed while it ran the program: out of memory');
    tf.engine().runKernel = run;
    expect(tf.memory().numTensors).toBe(before);
    expect((await program.step(penaltyFeeds(1))).get('penalty')!.data[0]).toBeGreaterThan(0);
    await program.release();
  });
}
