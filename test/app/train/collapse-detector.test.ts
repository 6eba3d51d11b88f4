import { describe, expect, it } from '@jest/globals';
import { createCollapseDetector } from '../../../src/app/train/collapse-detector.js';
import { recordingConsole } from '../../support/fakes/recording-console.js';

describe('the collapse detector', () => {
  const setUp = () => {
    const console = recordingConsole();
    return { console, detector: createCollapseDetector(console) };
  };
  const step = (at: number, loss: number) => ({ step: at, epoch: 1, 'discriminator.loss': loss });

  it('warns once of a discriminator whose loss stays near zero', () => {
    const { console, detector } = setUp();
    for (let at = 1; at < 200; at++) detector.observeStep(step(at, 1e-4));
    detector.observeStep(step(200, 0.5)); // a single high loss resets the count
    for (let at = 201; at < 400; at++) detector.observeStep(step(at, 1e-4));
    expect(console.lines).toEqual([]);
    for (let at = 400; at < 900; at++) detector.observeStep(step(at, 1e-4));
    expect(console.lines).toEqual([
      expect.stringMatching(/^warning: at step 400 the discriminator.s loss has been under/),
    ]);
  });

  it('warns of samples that are all blank, and of samples that are all the same', () => {
    const { console, detector } = setUp();
    detector.observeSample({ 'sample.blank': 0.5, 'sample.distinct': 0.5 });
    detector.observeSample({});
    expect(console.lines).toEqual([]);
    detector.observeSample({ 'sample.blank': 1, 'sample.distinct': 1 / 32 });
    detector.observeSample({ 'sample.blank': 0, 'sample.distinct': 1 / 32 });
    detector.observeSample({ 'sample.blank': 0, 'sample.distinct': 1 / 32 });
    expect(console.lines.map((line) => line.slice(0, 40))).toEqual([
      'warning: all sampled tunes are blank; th',
      'warning: nearly all sampled tunes are th',
    ]);
  });
});
