import { escapeForTerminal, formatCount } from '../../domain/text.js';
import type { LogEntry } from '../../ports/run-store.js';
import { describeBestCheckpoint } from '../train/describe.js';
import type { RunInspection } from './inspection.js';

export function describeRun(run: RunInspection): string[] {
  const { model, dataset, engine, steps, epochs, batch, seed, checkpoints, best, damaged, last } = run;
  return [
    `run of ${model.architecture}, depth ${model.depth}: step ${steps.done} of ${steps.planned} ` +
      `(${formatCount(epochs, 'epoch')}, batch ${batch}, seed ${seed})`,
    `on ${dataset.rolls} rolls of ${dataset.path} (${dataset.origin}), with ${engine.name} on ${engine.device}`,
    checkpoints.length === 0 ? 'no checkpoint yet' : `checkpoints after step ${checkpoints.join(', ')}`,
    ...(best === null ? [] : [describeBestCheckpoint(best)]),
    ...damaged.map(({ file, reason }) => `damaged: ${file}: ${reason}`),
    ...(last === null ? [] : describeLog(last, run.loggedSteps)),
  ].map(escapeForTerminal);
}

function describeLog(last: LogEntry, loggedSteps: number): readonly string[] {
  const scores = describeDiscriminatorScores(last);
  return [
    `log: ${formatCount(loggedSteps, 'line')}, the last of step ${last.step}: ${describeLosses(last)}`,
    ...(scores === undefined ? [] : [scores]),
  ];
}

const describeLosses = (entry: LogEntry): string =>
  Object.entries(entry)
    .filter(([name]) => name.endsWith('.loss'))
    .map(([name, loss]) => `${name.replace('.', ' ')} ${loss.toPrecision(3)}`)
    .join(', ');

/** Undefined for a log of another kind of network, which has no such scores. */
function describeDiscriminatorScores(entry: LogEntry): string | undefined {
  const counts = (rolls: 'real' | 'fake'): readonly (number | undefined)[] =>
    ['judged_real', 'ambiguous', 'judged_fake'].map((score) => entry[`${rolls}.${score}`]);
  const [real, fake] = [counts('real'), counts('fake')];
  if ([...real, ...fake].includes(undefined)) return undefined;
  return `judged real/ambiguous/fake: real rolls ${real.join('/')}, generated rolls ${fake.join('/')}`;
}
