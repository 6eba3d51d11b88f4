import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TrainRequest } from '../../../src/app/train/train-request.js';
import type { TrainResult } from '../../../src/app/train/train-result.js';
import { createDrawSamples, SAVED_SAMPLES } from '../../../src/app/train/training-samples.js';
import { DomainError, InterruptedError, UsageError } from '../../../src/domain/errors.js';
import { DatasetMismatchError, TrainingDivergedError } from '../../../src/domain/training/training-errors.js';
import { DEFAULT_TRAINING_SETTINGS } from '../../../src/domain/training/training-settings.js';
import { fakeMidi } from '../../support/fakes/fake-midi.js';
import { plainPictureEncoder } from '../../support/fakes/plain-picture-encoder.js';
import { bitsOf } from '../../support/run-fixtures.js';
import {
  contentsOf,
  CORES,
  fingerprintWithDistance,
  RESUME,
  SETTINGS,
  setUpTraining,
  START,
} from '../../support/training-set-up.js';

describe('train', () => {
  let whole: unknown;
  let result: TrainResult;
  beforeAll(async () => {
    const { train, run } = await setUpTraining();
    result = await train(START);
    whole = contentsOf(run());
  }, 60_000);

  it('logs, samples and saves as scheduled', async () => {
    const drawSamples = createDrawSamples({ midiWriter: fakeMidi().writer, pictures: plainPictureEncoder });
    const { train, run, console } = await setUpTraining({ drawSamples });
    expect(await train(START)).toMatchObject({ steps: 9, stepsNow: 9, epochs: 3, path: 'run' });
    const logged = run().log.map(({ step, epoch }) => `step ${step} of epoch ${epoch}`);
    expect(logged).toEqual([2, 3, 4, 6, 8, 9].map((step) => `step ${step} of epoch ${Math.ceil(step / 3)}`));
    // Samples are evaluated when they are drawn: after the second and the last epoch.
    const evaluated = run().log.filter((entry) => 'sample.blank' in entry && 'sample.distinct' in entry);
    expect(evaluated.map(({ step }) => step)).toEqual([6, 9]);
    expect([...run().checkpoints.keys()]).toEqual([6, 9]);
    const folders = new Set([...run().samples.keys()].map((name) => name.split('/')[0]));
    expect([...folders]).toEqual(['epoch-0002', 'epoch-0003']);
    expect(run().samples.size).toBe(2 * (3 * SAVED_SAMPLES + 1));
    expect(console.updates.at(-1)).toMatchObject({ done: 9, total: 9, unit: 'steps' });
    expect(run().holder).toBe('nobody');
  });

  it('takes the defaults for settings that are not given, and a thread per core', async () => {
    const { train, run, stop } = await setUpTraining();
    stop.abort();
    const settings = { depth: 1, engine: 'mixing' };
    await expect(train({ ...START, settings })).rejects.toThrow(InterruptedError);
    const { batch, epochs, seed, logEvery, sampleEvery, checkpointEvery } = DEFAULT_TRAINING_SETTINGS;
    expect(run().configuration).toMatchObject({
      ...{ batch, epochs, seed, logEvery, sampleEvery, checkpointEvery },
      model: { architecture: 'dcgan-a', depth: 1 },
      engine: { name: 'mixing', device: 'cpu', threads: CORES },
    });
  });

  it('gives equal bytes for equal seeds, and different bytes for another seed', async () => {
    const [again, other] = [await setUpTraining(), await setUpTraining()];
    await again.train(START);
    await other.train({ ...START, settings: { ...SETTINGS, seed: 6 } });
    expect(contentsOf(again.run())).toEqual(whole);
    expect(contentsOf(other.run())).not.toEqual(whole);
  });

  it.each([1, 2, 3, 7, 8])('stores the same bytes when it is stopped after step %i and resumed', async (at) => {
    const first = await setUpTraining({ onStep: (step) => (step === at ? first.stop.abort() : undefined) });
    await expect(first.train(START)).rejects.toThrow(InterruptedError);
    expect([...first.run().checkpoints.keys()].at(-1)).toBe(at);
    const second = await setUpTraining();
    second.runs.runs.set('run', first.run());
    expect(await second.train(RESUME)).toMatchObject({ steps: 9, stepsNow: 9 - at, last: result.last });
    expect(contentsOf(second.run())).toEqual(whole);
  });

  it('saves no checkpoint when it is stopped before the first step, and can be resumed', async () => {
    const first = await setUpTraining();
    first.stop.abort();
    await expect(first.train(START)).rejects.toThrow(
      /stopped before the first step; resume with: apollo train --resume run/,
    );
    expect(first.run().checkpoints.size).toBe(0);
    const second = await setUpTraining();
    second.runs.runs.set('run', first.run());
    await second.train(RESUME);
    expect(contentsOf(second.run())).toEqual(whole);
  });

  it('stores the same bytes when it is stopped and resumed after every step', async () => {
    const first = await setUpTraining();
    let request: TrainRequest = START;
    for (let stops = 0; stops < 8; stops++) {
      const attempt = await setUpTraining({ onStep: () => attempt.stop.abort() });
      if (stops > 0) attempt.runs.runs.set('run', first.run());
      await expect(attempt.train(request)).rejects.toThrow(InterruptedError);
      first.runs.runs.set('run', attempt.run());
      request = RESUME;
    }
    await first.train(RESUME);
    expect(contentsOf(first.run())).toEqual(whole);
  });

  it('resumes from the checkpoint before a damaged one, with a warning', async () => {
    const first = await setUpTraining();
    await first.train(START);
    first.run().damaged.add(9);
    await first.train(RESUME);
    expect(first.console.lines.join('\n')).toMatch(/warning: skipped a damaged checkpoint/);
    first.run().damaged.clear();
    expect(contentsOf(first.run())).toEqual(whole);
  });

  it('can be resumed for more epochs, never for fewer', async () => {
    const first = await setUpTraining();
    await first.train({ ...START, settings: { ...SETTINGS, epochs: 2 } });
    await first.train({ ...RESUME, settings: { epochs: 3 } });
    expect(bitsOf(first.run().checkpoints.get(9)!.state)).toEqual(
      (whole as { checkpoints: unknown[][] }).checkpoints[1]![1],
    );
    await expect(first.train({ ...RESUME, settings: { epochs: 2 } })).rejects.toThrow(
      /--epochs can only raise that, got 2/,
    );
  });

  it('stops at a NaN loss, names it, and keeps the last good checkpoint', async () => {
    const first = await setUpTraining({ onStep: () => undefined, isSpoiled: (step) => step === 5 });
    const failure = await first.train(START).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TrainingDivergedError);
    expect((failure as Error).message).toMatch(/generator\.loss is not a finite number after step 5/);
    expect([...first.run().checkpoints.keys()]).toEqual([3]);
  });

  describe('the best checkpoint', () => {
    // Three steps an epoch, samples every epoch, checkpoints every other epoch: none is due after epoch 3, the best.
    const settings = { ...SETTINGS, epochs: 6, sampleEvery: 1, checkpointEvery: 2 };
    const start = { ...START, settings, keep: 1 } as const;
    const best = { step: 9, distance: 4 };

    it('is kept beside the newest; the first of several equals', async () => {
      const { train, run } = await setUpTraining({ drawSamples: fingerprintWithDistance });
      expect((await train(start)).best).toEqual(best);
      expect([...run().checkpoints.keys()]).toEqual([9, 18]);
      const { train: other, run: otherRun } = await setUpTraining();
      expect((await other(start)).best).toBeUndefined();
      expect([...otherRun().checkpoints.keys()]).toEqual([18]);
    });

    it('is the same when the training is stopped after any step and resumed', async () => {
      const straight = await setUpTraining({ drawSamples: fingerprintWithDistance });
      await straight.train(start);
      for (let at = 1; at < 18; at++) {
        const first = await setUpTraining({
          drawSamples: fingerprintWithDistance,
          onStep: (step) => (step === at ? first.stop.abort() : undefined),
        });
        await expect(first.train(start)).rejects.toThrow(InterruptedError);
        const second = await setUpTraining({ drawSamples: fingerprintWithDistance });
        second.runs.runs.set('run', first.run());
        expect((await second.train({ ...RESUME, keep: 1 })).best).toEqual(best);
        expect(contentsOf(second.run())).toEqual(contentsOf(straight.run()));
      }
    });

    it('is forgotten when training resumes from before it', async () => {
      const first = await setUpTraining({ drawSamples: fingerprintWithDistance });
      await first.train({ ...start, keep: 9 });
      for (const step of [9, 12, 18]) first.run().damaged.add(step);
      await first.train({ ...RESUME, keep: 9 });
      first.run().damaged.clear();
      const straight = await setUpTraining({ drawSamples: fingerprintWithDistance });
      await straight.train({ ...start, keep: 9 });
      expect(contentsOf(first.run())).toEqual(contentsOf(straight.run()));
    });
  });

  const withSettings = (settings: TrainRequest['settings']): TrainRequest => ({
    ...START,
    settings: { ...SETTINGS, ...settings },
  });
  type ErrorClass = abstract new (...args: never[]) => DomainError;
  const refusals: readonly [string, TrainRequest, ErrorClass, RegExp][] = [
    [
      'rolls of another shape',
      { ...START, dataset: 'narrow' },
      DatasetMismatchError,
      /\[1, 64, 256\], those of narrow are \[1, 64, 128\]/,
    ],
    ['an unknown model', withSettings({ model: 'dcgan-x' }), UsageError, /did you mean "dcgan-a"/],
    [
      'an unknown model before it opens the dataset',
      { ...START, dataset: 'nowhere', settings: { model: 'dcgan-x' } },
      UsageError,
      /did you mean "dcgan-a"/,
    ],
    ['a depth out of range', withSettings({ depth: 0 }), UsageError, /depth of dcgan-a .* got 0/],
    ['an unknown engine', withSettings({ engine: 'abacus' }), DomainError, /no engine "abacus"; there are mixing/],
    [
      'a device that is not there',
      withSettings({ device: 'cuda' }),
      DomainError,
      /the mixing engine has no device "cuda"; it has cpu/,
    ],
    ['a dataset that is not there', { ...START, dataset: 'nowhere' }, DomainError, /nowhere/],
  ];
  it.each(refusals)('refuses %s and writes nothing', async (_what, request, kind, sentence) => {
    const first = await setUpTraining();
    const failure = await first.train(request).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect((failure as Error).message).toMatch(sentence);
    expect(first.runs.runs.size).toBe(0);
  });

  it('refuses to resume with another dataset', async () => {
    const first = await setUpTraining();
    await first.train(START);
    await expect(first.train({ ...RESUME, dataset: 'other' })).rejects.toThrow(/is not the one that run started with/);
    expect(contentsOf(first.run())).toEqual(whole);
  });
});

describe('training a network with a vocabulary', () => {
  const recipe = { globalNoise: 4, gamma: 2 };
  const settings = { ...SETTINGS, model: 'apollo', depth: 4, epochs: 2, sampleEvery: 1, recipe };
  const start = { ...START, dataset: 'voices', settings };

  it('stores the learned vocabulary and the recipe in run.json, and resumes to the same bytes', async () => {
    const [whole, halved] = [await setUpTraining(), await setUpTraining()];
    await whole.train(start);
    await halved.train({ ...start, settings: { ...settings, epochs: 1 } });
    await halved.train({ ...RESUME, settings: { epochs: 2 } });
    const { model } = whole.run().configuration;
    expect(model.recipe).toEqual(recipe);
    expect(model.vocabulary!.forms).toHaveLength(2);
    expect(contentsOf(halved.run())).toEqual(contentsOf(whole.run()));
    await expect(halved.train({ ...RESUME, settings: { recipe: { gamma: 3 } } })).rejects.toThrow(/another --recipe/);
  });

  it('is the default for a dataset of two voices, and dcgan-a the default for one voice', async () => {
    const { train, run } = await setUpTraining();
    await train({ ...start, settings: { ...settings, model: undefined, epochs: 1 } });
    expect(run().configuration.model.architecture).toBe('apollo');
    await train({ ...START, settings: { ...SETTINGS, model: undefined, epochs: 1 }, replace: true });
    expect(run().configuration.model.architecture).toBe('dcgan-a');
  });

  it('refuses a dataset that does not separate the voices, or has only one', async () => {
    const { train } = await setUpTraining();
    await expect(train({ ...start, dataset: 'data' })).rejects.toThrow(
      /do not separate melody and chords .*prepare the tunes with --voices/,
    );
    await expect(train({ ...start, dataset: 'silent' })).rejects.toThrow(/hold no melody at all/);
  });
});
