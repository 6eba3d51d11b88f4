import { bestKeptCheckpoint } from '../../domain/training/best-checkpoint.js';
import { createRunSchedule } from '../../domain/training/run-schedule.js';
import type { RunStore } from '../../ports/run-store.js';
import { describeRun } from './describe-run.js';
import type { InspectPath, RunInspection } from './inspection.js';

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
