import { InterruptedError } from '../../domain/errors.js';
import { allFinite, type NamedTensors } from '../../domain/tensor/tensor.js';
import { bestKeptCheckpoint, betterCheckpoint, type BestCheckpoint } from '../../domain/training/best-checkpoint.js';
import { createRunSchedule, type RunSchedule } from '../../domain/training/run-schedule.js';
import { initialState, TRAINING_METRICS, trainingProgram } from '../../domain/training/training-program.js';
import { TrainingDivergedError } from '../../domain/training/training-errors.js';
import { countDiscriminatorScores, type DiscriminatorScores } from '../../domain/training/discriminator-scores.js';
import type { Console } from '../../ports/console.js';
import type { Batches, BatchLoader } from '../../ports/batch-loader.js';
import type { LogEntry } from '../../ports/run-store.js';
import type { CompiledProgram } from '../../ports/tensor-engine.js';
import { createCollapseDetector, type CollapseDetector } from './collapse-detector.js';
import { describeProgress } from './describe.js';
import { createStepRunner } from './step-runner.js';
import type { TrainingLoopResult } from './train-result.js';
import type { TrainingSession } from './training-session.js';
import type { DrawSamples } from './training-samples.js';

/** Trains to the end of the schedule, from the newest checkpoint if there is one. */
export type TrainingLoop = (session: TrainingSession) => Promise<TrainingLoopResult>;

interface TrainingLoopPorts {
  readonly drawSamples: DrawSamples;
  readonly batchLoader: BatchLoader;
  readonly console: Console;
  readonly signal: AbortSignal;
}

/** State shared by the steps of a training. */
interface Loop {
  readonly session: TrainingSession;
  readonly schedule: RunSchedule;
  readonly program: CompiledProgram;
  readonly collapse: CollapseDetector;
}

export const createTrainingLoop =
  (ports: TrainingLoopPorts): TrainingLoop =>
  async (session) => {
    const { configuration, spec, dataset, engine } = session;
    const schedule = createRunSchedule(configuration);
    const start = await restoreOrInitialize(session, schedule, ports.console);
    throwIfAborted(ports.signal, session, start.step, schedule);
    const batches = ports.batchLoader.open(configuration, (index) => dataset.packedRoll(index));
    // The first batch is loaded while the program is compiled, which takes about a second.
    if (start.step < schedule.lastStep) batches.prefetch(start.step);
    let program: CompiledProgram | undefined;
    try {
      program = await engine.compile(trainingProgram(spec, configuration.batch));
      await program.load(start.state);
      const loop = { session, schedule, program, collapse: createCollapseDetector(ports.console) };
      return await runSteps(loop, start, batches, ports);
    } finally {
      await batches.close();
      await program?.release();
    }
  };

async function runSteps(loop: Loop, start: StartingPoint, batches: Batches, ports: TrainingLoopPorts) {
  const { session, schedule, program } = loop;
  const { run, configuration } = session;
  const { lastStep } = schedule;
  const runner = createStepRunner(program, batches, (step) => nextEpochEnd(step, schedule), lastStep);
  let [step, savedStep, last, best] = [start.step, start.step, start.last, start.best];
  while (step < lastStep) {
    if (runner.isStateCurrent) {
      if (ports.signal.aborted && step > savedStep)
        await storeCheckpoint(session, schedule, await program.read(), step, best);
      throwIfAborted(ports.signal, session, step, schedule);
    }
    const metrics = await runner.metricsOf(step++);
    const { entry, state } = await evaluateStep(loop, step, metrics, ports.drawSamples);
    if (schedule.logsAt(step)) {
      await run.appendLog([entry]);
      last = entry;
    }
    const detail = describeProgress(entry, configuration);
    ports.console.progress({ done: step, total: lastStep, unit: 'steps', detail });
    best = betterCheckpoint(best, entry);
    if (schedule.checkpointsAt(step) || best?.step === step) {
      await storeCheckpoint(session, schedule, state ?? (await program.read()), step, best);
      savedStep = step;
    }
  }
  return { steps: step, stepsNow: step - start.step, epochs: configuration.epochs, last, best };
}

const nextEpochEnd = (step: number, { stepsPerEpoch }: RunSchedule): number =>
  (Math.floor(step / stepsPerEpoch) + 1) * stepsPerEpoch;

/** The log entry of a step. When samples are due it holds their metrics as well, and `state` is the state after it. */
async function evaluateStep(
  { session, schedule, program, collapse }: Loop,
  step: number,
  metrics: NamedTensors,
  drawSamples: DrawSamples,
): Promise<{ readonly entry: LogEntry; readonly state?: NamedTensors }> {
  const entry = logEntry(step, schedule, metrics);
  collapse.observeStep(entry);
  if (!schedule.samplesAt(step)) return { entry };
  const state = await program.read();
  const sampleMetrics = await drawSamples(session, state, schedule.epochOf(step));
  collapse.observeSample(sampleMetrics);
  return { entry: { ...entry, ...sampleMetrics }, state };
}

/** @throws InterruptedError when the user has asked to stop; step `step` must have been saved by then */
function throwIfAborted(
  { aborted }: AbortSignal,
  { run }: TrainingSession,
  step: number,
  { lastStep }: RunSchedule,
): void {
  if (!aborted) return;
  const done =
    step === 0 ? 'stopped before the first step' : `stopped after step ${step} of ${lastStep}; everything is saved`;
  throw new InterruptedError(`${done}; resume with: apollo train --resume ${run.path}`);
}

interface StartingPoint {
  /** Steps done. */
  readonly step: number;
  readonly state: NamedTensors;
  readonly last: LogEntry | undefined;
  readonly best: BestCheckpoint | undefined;
}

/** Restores the newest whole checkpoint or initializes the weights from the seed, and cuts the log to that point. */
async function restoreOrInitialize(
  { run, configuration, spec }: TrainingSession,
  schedule: RunSchedule,
  console: Console,
): Promise<StartingPoint> {
  const { checkpoint, skipped } = await run.latestCheckpoint();
  for (const { file, reason } of skipped) console.warn(`skipped a damaged checkpoint, ${file}: ${reason}`);
  if (checkpoint === undefined && skipped.length > 0)
    console.warn('no whole checkpoint is left, so the training starts again from its first step');
  const step = checkpoint?.step ?? 0;
  // The samples of the current epoch are generated again when it ends.
  await run.rewind(step, Math.floor(step / schedule.stepsPerEpoch));
  const log = await run.readLog();
  if (step > 0) console.say(`resuming from step ${step} of ${schedule.lastStep}`);
  const best = bestKeptCheckpoint(log, await run.checkpointSteps());
  return { step, state: checkpoint?.state ?? initialState(spec, configuration.seed), last: log.at(-1), best };
}

/**
 * Saves a checkpoint and keeps the newest few and the best.
 * @throws TrainingDivergedError when a tensor of the state is not finite
 */
async function storeCheckpoint(
  { run, configuration, keep }: TrainingSession,
  schedule: RunSchedule,
  state: NamedTensors,
  step: number,
  best: BestCheckpoint | undefined,
): Promise<void> {
  for (const [name, { data }] of state) if (!allFinite(data)) throw new TrainingDivergedError(step, name);
  const retain = new Set(schedule.checkpointsUpTo(step, keep)).add(best?.step ?? step);
  await run.saveCheckpoint({ step, model: configuration.model, state }, retain);
}

/** @throws TrainingDivergedError when a loss is not finite */
function logEntry(step: number, schedule: RunSchedule, metrics: NamedTensors): LogEntry {
  const lossOf = (name: string): number => {
    const [loss] = metrics.get(name)!.data;
    if (!Number.isFinite(loss)) throw new TrainingDivergedError(step, name);
    return loss!;
  };
  const scoresOf = (name: string): DiscriminatorScores => countDiscriminatorScores(metrics.get(name)!.data);
  const real = scoresOf(TRAINING_METRICS.realProbability);
  const fake = scoresOf(TRAINING_METRICS.fakeProbability);
  return {
    step,
    epoch: schedule.epochOf(step),
    'discriminator.loss': lossOf(TRAINING_METRICS.discriminatorLoss),
    'generator.loss': lossOf(TRAINING_METRICS.generatorLoss),
    'real.judged_real': real.real,
    'real.ambiguous': real.ambiguous,
    'real.judged_fake': real.fake,
    'fake.judged_real': fake.real,
    'fake.ambiguous': fake.ambiguous,
    'fake.judged_fake': fake.fake,
  };
}
