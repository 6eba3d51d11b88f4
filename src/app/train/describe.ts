import type { BestCheckpoint } from '../../domain/training/best-checkpoint.js';
import { formatCount } from '../../domain/text.js';
import type { TrainResult } from './train.js';

/** What was trained, how it ended, and what to do next. */
export function describeTraining({ path, configuration, steps, stepsNow, epochs, last, best }: TrainResult): string[] {
  const { model, dataset } = configuration;
  const now = stepsNow === steps ? '' : ` (${stepsNow} of them now)`;
  const lines = [
    `${path}: ${model.architecture}, depth ${model.depth}, ${formatCount(epochs, 'epoch')} of ${formatCount(dataset.rolls, 'roll')}, ${formatCount(steps, 'step')}${now}`,
  ];
  if (last !== undefined) {
    const loss = (name: string): string => last[name]!.toPrecision(3);
    lines.push(`last losses: discriminator ${loss('discriminator.loss')}, generator ${loss('generator.loss')}`);
  }
  if (best !== undefined)
    lines.push(`${describeBestCheckpoint(best)}; to compose with that: apollo export ${path} --best`);
  lines.push(`to compose with ${best === undefined ? 'it' : 'the last'}: apollo export ${path}`);
  return lines;
}

/** `nearest to real tunes after step 120: Frechet distance 55.3` */
export const describeBestCheckpoint = ({ step, distance }: BestCheckpoint): string =>
  `nearest to real tunes after step ${step}: Frechet distance ${Number(distance.toPrecision(3))}`;
