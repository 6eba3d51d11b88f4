import { describe, expect, it } from '@jest/globals';
import { buildModel } from '../../../src/domain/model/catalogue/catalogue.js';
import type { OpKind } from '../../../src/domain/tensor/op.js';
import { partsOfStep, STEP_PARTS, type StepPart } from '../../../src/domain/training/step-parts.js';
import { trainingProgram } from '../../../src/domain/training/training-program.js';

/** The number of convolution operations in each part. */
function convolutions(): ReadonlyMap<StepPart, Partial<Record<OpKind, number>>> {
  const counts = new Map<StepPart, Partial<Record<OpKind, number>>>(STEP_PARTS.map((part) => [part, {}]));
  for (const [{ op }, part] of partsOfStep(trainingProgram(buildModel('dcgan-a', 2), 2))) {
    const of = counts.get(part)!;
    if (op.startsWith('conv')) of[op] = (of[op] ?? 0) + 1;
  }
  return counts;
}

describe('partsOfStep', () => {
  it('distinguishes forward, backward and update of both networks', () => {
    const five = 5; // convolutions of each network
    expect(Object.fromEntries(convolutions())).toEqual({
      'generator forward': { conv2dInputGradient: five },
      'discriminator forward, real rolls': { conv2d: five },
      'discriminator forward, generated rolls': { conv2d: five },
      // the first layer needs no input gradient
      'discriminator backward': { conv2dWeightGradient: 2 * five, conv2dInputGradient: 2 * (five - 1) },
      'discriminator update': {},
      'updated discriminator forward': { conv2d: five },
      'generator backward': {
        conv2dInputGradient: five,
        conv2d: five - 1,
        conv2dWeightGradient: five,
      },
      'generator update': {},
    });
  });

  it('gives every node a part', () => {
    const program = trainingProgram(buildModel('dcgan-a', 1), 2);
    const parts = partsOfStep(program);
    for (const { next } of program.state) expect(STEP_PARTS).toContain(parts.get(next));
    const ofUpdates = program.state.filter(({ name }) => name.endsWith('moment')).map(({ next }) => parts.get(next));
    expect(new Set(ofUpdates)).toEqual(new Set(['discriminator update', 'generator update']));
  });
});
