import { formatCount } from '../../domain/text.js';
import type { BestCheckpoint } from '../../domain/training/best-checkpoint.js';
import { formatDiscriminatorScores } from '../../domain/training/discriminator-scores.js';
import type { RunConfiguration } from '../../domain/training/run-configuration.js';
import { createRunSchedule } from '../../domain/training/run-schedule.js';
import type { LogEntry } from '../../ports/run-store.js';
import type { TrainResult } from './train-result.js';

/** The result of a training: what was trained, the last losses, and the command to export the model. */
export function describeTraining({ path, configuration, steps, stepsNow, epochs, last, best }: TrainResult): string[] {
  const { model, dataset } = configuration;
  const now = stepsNow === steps ? '' : ` (${stepsNow} of them now)`;
  const lines = [
    `${path}: ${model.architecture}, depth ${model.depth}, ` +
      `${formatCount(epochs, 'epoch')} of ${formatCount(dataset.rolls, 'roll')}, ${formatCount(steps, 'step')}${now}`,
  ];
  if (last !== undefined) {
    lines.push(
      `last losses: discriminator ${formatLoss(last, 'discriminator')}, generator ${formatLoss(last, 'generator')}`,
    );
  }
  if (best === undefined) return [...lines, `to compose with it: apollo export ${path}`];
  return [
    ...lines,
    `${describeBestCheckpoint(best)}; to compose with that checkpoint: apollo export ${path} --best`,
    `to compose with the last checkpoint: apollo export ${path}`,
  ];
}

/** `nearest to real tunes after step 120: Frechet distance 55.3` */
export const describeBestCheckpoint = ({ step, distance }: BestCheckpoint): string =>
  `nearest to real tunes after step ${step}: Frechet distance ${Number(distance.toPrecision(3))}`;

/** `dcgan-a depth 8 on 40 rolls of data/small, batch 16, 3 epochs, 6 steps, with reference on cpu` */
export function describeRunPlan(configuration: RunConfiguration): string {
  const { model, engine, dataset, batch, epochs } = configuration;
  const { lastStep } = createRunSchedule(configuration);
  return (
    `${model.architecture} depth ${model.depth} on ${dataset.rolls} rolls of ${dataset.path}, ` +
    `batch ${batch}, ${epochs} epochs, ${lastStep} steps, with ${engine.name} on ${engine.device}`
  );
}

/** The text of the progress line besides the number of steps. */
export function describeProgress(entry: LogEntry, { epochs }: RunConfiguration): string {
  const scores = (rolls: 'real' | 'fake'): string =>
    formatDiscriminatorScores({
      real: entry[`${rolls}.judged_real`]!,
      ambiguous: entry[`${rolls}.ambiguous`]!,
      fake: entry[`${rolls}.judged_fake`]!,
    });
  const losses = `loss D ${formatLoss(entry, 'discriminator')} G ${formatLoss(entry, 'generator')}`;
  return (
    `epoch ${entry.epoch}/${epochs}, ${losses}, ` +
    `judged real/ambiguous/fake: real rolls ${scores('real')}, generated rolls ${scores('fake')}`
  );
}

const formatLoss = (entry: LogEntry, network: 'discriminator' | 'generator'): string =>
  entry[`${network}.loss`]!.toPrecision(3);
