import { buildConfiguredModel, buildModel, defaultArchitectureFor } from '../../domain/model/catalogue/catalogue.js';
import type { ModelSpec } from '../../domain/model/model-spec.js';
import { describeFormat, rollShape } from '../../domain/roll/roll-format.js';
import { sameShape, shapeText } from '../../domain/tensor/tensor.js';
import type { RunConfiguration } from '../../domain/training/run-configuration.js';
import { DatasetMismatchError } from '../../domain/training/training-errors.js';
import { DEFAULT_TRAINING_SETTINGS } from '../../domain/training/training-settings.js';
import type { Console } from '../../ports/console.js';
import type { Dataset, DatasetStore } from '../../ports/dataset-store.js';
import type { EngineRegistry } from '../../ports/engine-registry.js';
import type { Machine } from '../../ports/machine.js';
import type { RunStore } from '../../ports/run-store.js';
import { configureNewRun } from './configure-new-run.js';
import { configureResumedRun } from './configure-resumed-run.js';
import { describeRunPlan } from './describe.js';
import type { ResumeRequest, StartRequest, TrainRequest } from './train-request.js';
import type { TrainResult } from './train-result.js';
import type { TrainingLoop } from './training-loop.js';
import type { TrainingSession } from './training-session.js';

export type Train = (request: TrainRequest) => Promise<TrainResult>;

interface TrainPorts {
  readonly datasets: DatasetStore;
  readonly runs: RunStore;
  readonly engines: EngineRegistry;
  readonly machine: Machine;
  readonly trainingLoop: TrainingLoop;
  readonly console: Console;
}

/** Starts or resumes a run. Everything is checked before anything is written. */
export const createTrain =
  (ports: TrainPorts): Train =>
  (request) =>
    request.kind === 'start' ? startRun(request, ports) : resumeRun(request, ports);

async function startRun(request: StartRequest, ports: TrainPorts): Promise<TrainResult> {
  const settings = { ...DEFAULT_TRAINING_SETTINGS, threads: ports.machine.facts().cores, ...request.settings };
  const { model, depth, recipe } = settings;
  const namedModel = model === undefined ? undefined : buildModel(model, depth, { recipe });
  const dataset = await ports.datasets.open(request.dataset);
  try {
    const chosenModel = namedModel ?? buildModel(defaultArchitectureFor(dataset.manifest.format), depth, { recipe });
    const configuration = configureNewRun(settings, chosenModel, dataset, request.dataset);
    const parts = await openParts(configuration, dataset, ports);
    const run = await ports.runs.create(request.out, parts.configuration, { replace: request.replace });
    try {
      return await runTraining('training', { ...parts, run, keep: request.keep }, ports);
    } finally {
      await run.close();
    }
  } finally {
    await dataset.close();
  }
}

async function resumeRun(request: ResumeRequest, ports: TrainPorts): Promise<TrainResult> {
  const run = await ports.runs.open(request.out, 'write');
  try {
    const dataset = await ports.datasets.open(request.dataset ?? run.configuration.dataset.path);
    try {
      const parts = await openParts(configureResumedRun(request, run.configuration, dataset), dataset, ports);
      const isChanged = JSON.stringify(parts.configuration) !== JSON.stringify(run.configuration);
      if (isChanged) await run.replaceConfiguration(parts.configuration);
      return await runTraining('resuming', { ...parts, run, keep: request.keep }, ports);
    } finally {
      await dataset.close();
    }
  } finally {
    await run.close();
  }
}

/** Builds the model and opens the engine. The returned configuration names the device that the engine chose. */
async function openParts(
  configuration: RunConfiguration,
  dataset: Dataset,
  { engines, console }: TrainPorts,
): Promise<Omit<TrainingSession, 'run' | 'keep'>> {
  const spec = buildConfiguredModel(configuration.model);
  checkRollShape(spec, dataset, configuration.dataset.path);
  const { engine, notice } = await engines.open(configuration.engine);
  if (notice !== '') console.warn(notice);
  const settled = { ...configuration, engine: { ...configuration.engine, device: engine.device } };
  return { configuration: settled, spec, dataset, engine };
}

async function runTraining(
  verb: 'training' | 'resuming',
  session: TrainingSession,
  { trainingLoop, console }: TrainPorts,
): Promise<TrainResult> {
  const { configuration, run } = session;
  console.say(`${verb} ${describeRunPlan(configuration)}`);
  return { ...(await trainingLoop(session)), path: run.path, configuration };
}

/** @throws DatasetMismatchError when the dataset's rolls have another shape than the model's */
function checkRollShape(spec: ModelSpec, dataset: Dataset, path: string): void {
  const { format } = dataset.manifest;
  const [actual, expected] = [rollShape(format), rollShape(spec.rollFormat)];
  if (sameShape(actual, expected)) return;
  throw new DatasetMismatchError(
    `${spec.architecture} generates rolls of [channels, pitches, columns] ${shapeText(expected)}, ` +
      `those of ${path} are ${shapeText(actual)} (${describeFormat(format)}); prepare the tunes in the model's format`,
  );
}
