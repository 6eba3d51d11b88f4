import { InterruptedError } from '../../domain/errors.js';
import { allFinite, type NamedTensors } from '../../domain/tensor/tensor.js';
import { bestKeptCheckpoint, betterCheckpoint, type BestCheckpoint } from '../../domain/training/best-checkpoint.js';
import type { RunConfiguration } from '../../domain/training/run-configuration.js';
import { createRunSchedule, type RunSchedule } from '../../domain/training/run-schedule.js';
import { initialState, TRAINING_METRICS, trainingProgram } from '../../domain/training/training-program.js';
import { TrainingDivergedError } from '../../domain/training/training-errors.js';
import { countDiscriminatorScores, formatDiscriminatorScores } from '../../domain/training/discriminator-scores.js';
import type { Console } from '../../ports/console.js';
import type { BatchLoader } from '../../ports/batch-loader.js';
import type { LogEntry } from '../../ports/run-store.js';
import type { CompiledProgram } from '../../ports/tensor-engine.js';
import { createCollapseDetector } from './collapse-detector.js';
import { createStepRunner } from './step-runner.js';
import type { TrainingSession } from './training-session.js';
import type { DrawSamples } from './training-samples.js';

export interface TrainingLoopResult {
  /** Steps done in all, and in this go. */
  readonly steps: number;
  readonly stepsNow: number;
  readonly epochs: number;
  /** The last line of the log; absent when there is none. */
  readonly last: LogEntry | undefined;
  /** The checkpoint whose samples came nearest to real tunes; absent when none were judged. */
  readonly best: BestCheckpoint | undefined;
}

/** Trains to the end of the schedule, from the newest checkpoint if there is one. */
export type TrainingLoop = (training: TrainingSession) => Promise<TrainingLoopResult>;

export interface TrainingLoopPorts {
  readonly drawSamples: DrawSamples;
  readonly batchLoader: BatchLoader;
  readonly console: Console;
  readonly signal: AbortSignal;
}

export const createTrainingLoop =
  ({ drawSamples, batchLoader, console, signal }: TrainingLoopPorts): TrainingLoop =>
  async (training) => {
    const { run, configuration, spec, dataset, engine } = training;
    const schedule = createRunSchedule(configuration);
    const begin = await restoreOrInitialize(training, schedule, console);
    checkNotStopped(signal, training, begin.step, schedule);
    const feeds = batchLoader.open(configuration, (index) => dataset.packedRoll(index));
    if (begin.step < schedule.lastStep) feeds.prefetch(begin.step); // made while the program is compiled, which takes a second
    let program: CompiledProgram | undefined;
    try {
      program = await engine.compile(trainingProgram(spec, configuration.batch));
      await program.load(begin.state);
      const epochEnd = (step: number): number =>
        (Math.floor(step / schedule.stepsPerEpoch) + 1) * schedule.stepsPerEpoch;
      const steps = createStepRunner(program, feeds, epochEnd, schedule.lastStep);
      const collapse = createCollapseDetector(console);
      let [step, saved, last, best] = [begin.step, begin.step, begin.last, begin.best];
      while (step < schedule.lastStep) {
        if (steps.isStateCurrent) {
          if (signal.aborted && step > saved)
            await storeCheckpoint(training, schedule, await program.read(), step, best);
          checkNotStopped(signal, training, step, schedule);
        }
        const metrics = await steps.metricsOf(step++);
        const drawn = logEntry(step, schedule, metrics);
        collapse.observeStep(drawn);
        // A sampling ends an epoch, whose last step is logged: its figures stand in the same line.
        const sampled = schedule.samplesAt(step) ? await program.read() : undefined;
        const figures = sampled === undefined ? {} : await drawSamples(training, sampled, schedule.epochOf(step));
        collapse.observeSample(figures);
        const entry = { ...drawn, ...figures };
        if (schedule.logsAt(step)) {
          await run.appendLog([entry]);
          last = entry;
        }
        const detail = progressDetail(entry, configuration);
        console.progress({ done: step, total: schedule.lastStep, unit: 'steps', detail });
        best = betterCheckpoint(best, entry);
        if (schedule.checkpointsAt(step) || best?.step === step) {
          await storeCheckpoint(training, schedule, sampled ?? (await program.read()), step, best);
          saved = step;
        }
      }
      return { steps: step, stepsNow: step - begin.step, epochs: configuration.epochs, last, best };
    } finally {
      await feeds.close();
      await program?.release();
    }
  };

/** @throws InterruptedError when the user has asked to stop; `step` is saved by then */
function checkNotStopped(
  { aborted }: AbortSignal,
  { run }: TrainingSession,
  step: number,
  { lastStep }: RunSchedule,
): void {
  if (!aborted) return;
  const done = step === 0 ? 'stopped before the first step' : `stopped after step ${step} of ${lastStep}; all is saved`;
  throw new InterruptedError(`${done}, go on with: apollo train --resume ${run.path}`);
}

/** Where to start: the newest whole checkpoint, or the seed's fresh weights. The log is cut to that point. */
async function restoreOrInitialize(
  { run, configuration, spec }: TrainingSession,
  schedule: RunSchedule,
  console: Console,
) {
  const { checkpoint, skipped } = await run.latestCheckpoint();
  for (const { file, reason } of skipped) console.warn(`passed over a damaged checkpoint, ${file}: ${reason}`);
  if (checkpoint === undefined && skipped.length > 0)
    console.warn('no whole checkpoint is left, so the training begins again from its first step');
  const step = checkpoint?.step ?? 0;
  // Samples of the epoch under way are drawn anew when it ends.
  await run.rewind(step, Math.floor(step / schedule.stepsPerEpoch));
  const log = await run.readLog();
  if (step > 0) console.say(`going on from step ${step} of ${schedule.lastStep}`);
  const best = bestKeptCheckpoint(log, await run.checkpointSteps());
  return { step, state: checkpoint?.state ?? initialState(spec, configuration.seed), last: log.at(-1), best };
}

/** The newest few stay, and the best. */
async function storeCheckpoint(
  training: TrainingSession,
  schedule: RunSchedule,
  state: NamedTensors,
  step: number,
  best: BestCheckpoint | undefined,
): Promise<void> {
  const { run, configuration, keep } = training;
  for (const [name, { data }] of state) if (!allFinite(data)) throw new TrainingDivergedError(step, name);
  const retain = new Set(schedule.checkpointsUpTo(step, keep)).add(best?.step ?? step);
  await run.saveCheckpoint({ step, model: configuration.model, state }, retain);
}

function logEntry(step: number, schedule: RunSchedule, metrics: NamedTensors): LogEntry {
  const value = (name: string): number => {
    const [x] = metrics.get(name)!.data;
    if (!Number.isFinite(x)) throw new TrainingDivergedError(step, name);
    return x!;
  };
  const [real, fake] = [TRAINING_METRICS.realProbability, TRAINING_METRICS.fakeProbability].map((name) =>
    countDiscriminatorScores(metrics.get(name)!.data),
  );
  return {
    step,
    epoch: schedule.epochOf(step),
    'discriminator.loss': value(TRAINING_METRICS.discriminatorLoss),
    'generator.loss': value(TRAINING_METRICS.generatorLoss),
    'real.judged_real': real!.real,
    'real.ambiguous': real!.ambiguous,
    'real.judged_fake': real!.fake,
    'fake.judged_real': fake!.real,
    'fake.ambiguous': fake!.ambiguous,
    'fake.judged_fake': fake!.fake,
  };
}

function progressDetail(entry: LogEntry, { epochs }: RunConfiguration): string {
  const verdicts = (of: 'real' | 'fake'): string =>
    formatDiscriminatorScores({
      real: entry[`${of}.judged_real`]!,
      ambiguous: entry[`${of}.ambiguous`]!,
      fake: entry[`${of}.judged_fake`]!,
    });
  const loss = (name: string): string => entry[name]!.toPrecision(3);
  return (
    `epoch ${entry.epoch}/${epochs}, loss D ${loss('discriminator.loss')} G ${loss('generator.loss')}, ` +
    `judged real/ambiguous/fake: real rolls ${verdicts('real')}, drawn ones ${verdicts('fake')}`
  );
}
