import { describe, expect, it } from '@jest/globals';
import { createCollapseDetector } from '../../../src/app/train/collapse-detector.js';
import { recordingConsole } from '../../support/fakes/recording-console.js';

describe('a collapsed training', () => {
  const watched = () => {
    const console = recordingConsole();
    return { console, watch: createCollapseDetector(console) };
  };
  const step = (at: number, loss: number) => ({ step: at, epoch: 1, 'discriminator.loss': loss });

  it('is one whose discriminator has been sure for long, told once', () => {
    const { console, watch } = watched();
    for (let at = 1; at < 200; at++) watch.observeStep(step(at, 1e-4));
    watch.observeStep(step(200, 0.5)); // one doubt, and it counts anew
    for (let at = 201; at < 400; at++) watch.observeStep(step(at, 1e-4));
    expect(console.lines).toEqual([]);
    for (let at = 400; at < 900; at++) watch.observeStep(step(at, 1e-4));
    expect(console.lines).toEqual([
      expect.stringMatching(/^warning: at step 400 the discriminator.s loss has been under/),
    ]);
  });

  it('is one that draws nothing, or one tune only', () => {
    const { console, watch } = watched();
    watch.observeSample({ 'sample.blank': 0.5, 'sample.distinct': 0.5 });
    watch.observeSample({});
    expect(console.lines).toEqual([]);
    watch.observeSample({ 'sample.blank': 1, 'sample.distinct': 1 / 32 });
    watch.observeSample({ 'sample.blank': 0, 'sample.distinct': 1 / 32 });
    watch.observeSample({ 'sample.blank': 0, 'sample.distinct': 1 / 32 });
    expect(console.lines.map((line) => line.slice(0, 40))).toEqual([
      'warning: all sampled tunes are blank: th',
      'warning: the sampled tunes are nearly al',
    ]);
  });
});
