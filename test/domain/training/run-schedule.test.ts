import fc from 'fast-check';
import { expect, it } from '@jest/globals';
import { createRunSchedule } from '../../../src/domain/training/run-schedule.js';
import { configuration } from '../../support/run-fixtures.js';

const shape = fc.record({
  rolls: fc.integer({ min: 1, max: 60 }),
  batch: fc.integer({ min: 1, max: 20 }),
  epochs: fc.integer({ min: 1, max: 9 }),
  logEvery: fc.integer({ min: 1, max: 9 }),
  sampleEvery: fc.integer({ min: 1, max: 4 }),
  checkpointEvery: fc.integer({ min: 1, max: 4 }),
});

const scheduleOf = ({ rolls, ...rest }: { readonly rolls: number; readonly batch: number; readonly epochs: number }) =>
  createRunSchedule({ ...configuration, ...rest, dataset: { ...configuration.dataset, rolls } });

it('drops an incomplete last batch, and has one step in an epoch of less than a batch', () => {
  expect(scheduleOf({ rolls: 40, batch: 16, epochs: 3 })).toMatchObject({ stepsPerEpoch: 2, lastStep: 6 });
  expect(scheduleOf({ rolls: 5, batch: 16, epochs: 3 })).toMatchObject({ stepsPerEpoch: 1, lastStep: 3 });
});

it('saves and samples at the last step, and otherwise only at the ends of epochs', () => {
  fc.assert(
    fc.property(shape, (s) => {
      const schedule = scheduleOf(s);
      expect(schedule.checkpointsAt(schedule.lastStep) && schedule.samplesAt(schedule.lastStep)).toBe(true);
      for (let step = 1; step < schedule.lastStep; step++) {
        const epoch = step / schedule.stepsPerEpoch;
        expect(schedule.checkpointsAt(step)).toBe(Number.isInteger(epoch) && epoch % s.checkpointEvery === 0);
        expect(schedule.epochOf(step)).toBe(Math.ceil(epoch));
      }
    }),
  );
});

it('lists the last checkpoints that are due', () => {
  fc.assert(
    fc.property(shape, fc.integer({ min: 1, max: 4 }), fc.nat(), (s, keep, at) => {
      const schedule = scheduleOf(s);
      const step = 1 + (at % schedule.lastStep);
      const due = Array.from({ length: step }, (_, i) => i + 1).filter((i) => schedule.checkpointsAt(i));
      expect([...schedule.checkpointsUpTo(step, keep)].sort((a, b) => a - b)).toEqual(due.slice(-keep));
    }),
  );
});
