import { formatCount, escapeForTerminal } from '../../domain/text.js';
import type { RunConfiguration } from '../../domain/training/run-configuration.js';
import { bestKeptCheckpoint, type BestCheckpoint } from '../../domain/training/best-checkpoint.js';
import { createRunSchedule } from '../../domain/training/run-schedule.js';
import { describeBestCheckpoint } from '../train/describe.js';
import type { InspectPath } from './inspection.js';
import type { LogEntry, RunStore, SkippedCheckpoint } from '../../ports/run-store.js';

/** What a run has come to. */
export interface RunInspection extends Omit<RunConfiguration, 'version'> {
  readonly kind: 'run';
  readonly path: string;
  /** Steps of the newest whole checkpoint, and of the whole training. */
  readonly steps: { readonly done: number; readonly planned: number };
  /** Steps of the checkpoints that are there. */
  readonly checkpoints: readonly number[];
  /** Of them, the one whose samples came nearest to real tunes; null when none were judged. */
  readonly best: BestCheckpoint | null;
  /** Damaged checkpoints newer than the newest whole one. */
  readonly damaged: readonly SkippedCheckpoint[];
  readonly loggedSteps: number;
  /** The last line of the log: losses and verdicts. */
  readonly last: LogEntry | null;
}

export type InspectRun = InspectPath<RunInspection>;

export const createInspectRun =
  ({ runs }: { readonly runs: RunStore }): InspectRun =>
  async (path) => {
    const run = await runs.open(path, 'read');
    try {
      const { version: _version, ...configuration } = run.configuration;
      const { checkpoint, skipped } = await run.latestCheckpoint();
      const [log, checkpoints] = [await run.readLog(), await run.checkpointSteps()];
      const json: RunInspection = {
        kind: 'run',
        path,
        ...configuration,
        steps: { done: checkpoint?.step ?? 0, planned: createRunSchedule(run.configuration).lastStep },
        checkpoints,
        best: bestKeptCheckpoint(log, checkpoints) ?? null,
        damaged: skipped,
        loggedSteps: log.length,
        last: log.at(-1) ?? null,
      };
      return { json, lines: describeRun(json) };
    } finally {
      await run.close();
    }
  };

export function describeRun(run: RunInspection): string[] {
  const { model, dataset, engine, steps, checkpoints, best, damaged, last } = run;
  const lines = [
    `run of ${model.architecture}, depth ${model.depth}: step ${steps.done} of ${steps.planned} (${formatCount(run.epochs, 'epoch')}, batch ${run.batch}, seed ${run.seed})`,
    `on ${dataset.rolls} rolls of ${dataset.path} (${dataset.origin}), with ${engine.name} on ${engine.device}`,
    checkpoints.length === 0 ? 'no checkpoint yet' : `checkpoints after step ${checkpoints.join(', ')}`,
    ...(best === null ? [] : [describeBestCheckpoint(best)]),
    ...damaged.map(({ file, reason }) => `damaged: ${file}: ${reason}`),
  ];
  if (last !== null)
    lines.push(`log: ${formatCount(run.loggedSteps, 'line')}, the last of step ${last.step}: ${lossText(last)}`);
  const verdicts = last === null ? undefined : verdictCountsText(last);
  if (verdicts !== undefined) lines.push(verdicts);
  return lines.map(escapeForTerminal);
}

const lossText = (entry: LogEntry): string =>
  Object.entries(entry)
    .filter(([name]) => name.endsWith('.loss'))
    .map(([name, loss]) => `${name.replace('.', ' ')} ${loss.toPrecision(3)}`)
    .join(', ');

/** The counts that a training of this kind of network logs; undefined for another kind. */
function verdictCountsText(entry: LogEntry): string | undefined {
  const counts = (of: string): readonly (number | undefined)[] =>
    ['judged_real', 'ambiguous', 'judged_fake'].map((verdict) => entry[`${of}.${verdict}`]);
  const [real, fake] = [counts('real'), counts('fake')];
  if ([...real, ...fake].includes(undefined)) return undefined;
  return `judged real/ambiguous/fake: real rolls ${real.join('/')}, drawn ones ${fake.join('/')}`;
}
