import { expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDrawSamples, SAVED_SAMPLES } from '../../../src/app/train/training-samples.js';
import { FileAccessError } from '../../../src/domain/errors.js';
import { buildConfiguredModel } from '../../../src/domain/model/catalogue/catalogue.js';
import { initialState } from '../../../src/domain/training/training-program.js';
import { fakeMidi } from '../../support/fakes/fake-midi.js';
import { createFakeRunStore } from '../../support/fakes/fake-run-store.js';
import { mixingEngine } from '../../support/fakes/mixing-engine.js';
import { plainPictureEncoder } from '../../support/fakes/plain-picture-encoder.js';
import { configuration } from '../../support/run-fixtures.js';

const spec = buildConfiguredModel(configuration.model);

/** Draws samples of fresh weights into a run whose files take `save`. */
async function draw(save: (name: string) => Promise<void>) {
  const run = await createFakeRunStore().create('run', configuration, { replace: false });
  const manifest = { format: configuration.dataset.format } as never;
  const dataset = { manifest, packedRoll: () => new Uint8Array(2048), close: async () => undefined };
  const drawSamples = createDrawSamples({
    midiWriter: fakeMidi().writer,
    pictures: plainPictureEncoder,
    evaluateSamples: () => ({ 'sample.blank': 0.25 }),
  });
  const watched = { ...run, saveSample: (_epoch: number, name: string) => save(name) };
  const training = { run: watched, configuration, spec, dataset, engine: mixingEngine, keep: 2 };
  return drawSamples(training, initialState(spec, 1), 4);
}

it('saves the files of a sampling together, each once, and is done when all are saved', async () => {
  const [begun, saved] = [new Set<string>(), new Set<string>()];
  let together = 0;
  const figures = await draw(async (name) => {
    begun.add(name);
    await sleep(5);
    together = Math.max(together, begun.size - saved.size);
    saved.add(name);
  });
  expect(figures).toEqual({ 'sample.blank': 0.25 });
  expect(saved.size).toBe(3 * SAVED_SAMPLES + 1);
  expect(together).toBe(3 * SAVED_SAMPLES + 1);
});

it('rejects with what failed, once nothing is being written any more', async () => {
  let writing = 0;
  const sampling = draw(async (name) => {
    writing++;
    await sleep(name === 'tune-3.png' ? 1 : 20);
    writing--;
    if (name === 'tune-3.png') throw new FileAccessError('the disk is full');
  });
  await expect(sampling).rejects.toThrow('the disk is full');
  expect(writing).toBe(0);
});
