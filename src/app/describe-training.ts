import type { TrainResult } from './train.js';

/** What was trained, how it ended, and what to do next. */
export function describeTraining({ path, configuration, steps, stepsNow, epochs, last }: TrainResult): string[] {
  const { model, dataset } = configuration;
  const now = stepsNow === steps ? '' : ` (${stepsNow} of them now)`;
  const lines = [
    `${path}: ${model.architecture}, depth ${model.depth}, ${counted(epochs, 'epoch')} of ${counted(dataset.rolls, 'roll')}, ${counted(steps, 'step')}${now}`,
  ];
  if (last !== undefined) {
    const loss = (name: string): string => last[name]!.toPrecision(3);
    lines.push(`last losses: discriminator ${loss('discriminator.loss')}, generator ${loss('generator.loss')}`);
  }
  lines.push(`to compose with it: apollo export ${path}`);
  return lines;
}

const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
