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

/** Draws samples from initial weights into a run that saves files with `save`. */
async function drawInto(save: (name: string) => Promise<void>) {
  const run = await createFakeRunStore().create('run', configuration, { replace: false });
  const manifest = { format: configuration.dataset.format } as never;
  const dataset = { manifest, packedRoll: () => new Uint8Array(2048), close: async () => undefined };
  const drawSamples = createDrawSamples({
    midiWriter: fakeMidi().writer,
    pictures: plainPictureEncoder,
    evaluateSamples: () => ({ 'sample.blank': 0.25 }),
  });
  const runWithSave = { ...run, saveSample: (_epoch: number, name: string) => save(name) };
  const training = { run: runWithSave, configuration, spec, dataset, engine: mixingEngine, keep: 2 };
  return drawSamples(training, initialState(spec, 1), 4);
}

it('saves all files of a set of samples at the same time, each once, and resolves when all are saved', async () => {
  const [started, saved] = [new Set<string>(), new Set<string>()];
  let maxPending = 0;
  const metrics = await drawInto(async (name) => {
    started.add(name);
    await sleep(5);
    maxPending = Math.max(maxPending, started.size - saved.size);
    saved.add(name);
  });
  expect(metrics).toEqual({ 'sample.blank': 0.25 });
  expect(saved.size).toBe(3 * SAVED_SAMPLES + 1);
  expect(maxPending).toBe(3 * SAVED_SAMPLES + 1);
});

it('rejects with the error of a write, after every write has ended', async () => {
  let pending = 0;
  const sampling = drawInto(async (name) => {
    pending++;
    await sleep(name === 'tune-3.png' ? 1 : 20);
    pending--;
    if (name === 'tune-3.png') throw new FileAccessError('the disk is full');
  });
  await expect(sampling).rejects.toThrow('the disk is full');
  expect(pending).toBe(0);
});
