import { stepsPerEpoch } from '../../domain/dataset/batch-order.js';
import { AlreadyExistsError, DamagedFileError, EngineError, FileAccessError } from '../../domain/errors.js';
import { CATALOGUE, buildConfiguredModel } from '../../domain/model/catalogue/catalogue.js';
import { GENERATOR_TENSORS, generatorProgram, samplingProgram } from '../../domain/model/generator-program.js';
import { MODEL_VERSION, type ModelMetadata } from '../../domain/model/model-metadata.js';
import { noiseShape, type ModelSpec } from '../../domain/model/model-spec.js';
import type { Precision, PrecisionLoss, ReducedPrecision } from '../../domain/model/precision.js';
import { normals, randomStream } from '../../domain/random.js';
import type { Program } from '../../domain/tensor/program.js';
import { sizeOf, type NamedTensors } from '../../domain/tensor/tensor.js';
import type { Checkpoint } from '../../domain/training/checkpoint.js';
import type { RunConfiguration } from '../../domain/training/run-configuration.js';
import { bestKeptCheckpoint } from '../../domain/training/best-checkpoint.js';
import { inferenceParameters, trainingProgram } from '../../domain/training/training-program.js';
import type { Console } from '../../ports/console.js';
import type { EngineRegistry } from '../../ports/engine-registry.js';
import type { FileStore } from '../../ports/file-store.js';
import type { GeneratorRuntime } from '../../ports/generator-runtime.js';
import type { ModelFormat } from '../../ports/model-format.js';
import type { Run, RunStore } from '../../ports/run-store.js';
import { measurePrecisionLoss } from '../models/measure-precision-loss.js';

export interface ExportRequest {
  /** The run's folder. */
  readonly run: string;
  /** The file to write; by default one in the run's folder. */
  readonly out: string | undefined;
  /** Whether to replace a file at `out`. A file in the run's folder is always replaced. */
  readonly replace: boolean;
  /** The newest undamaged checkpoint, the best one that was kept, or the one after a given step. */
  readonly checkpoint: 'newest' | 'best' | number;
  /** Whether to export the training step instead of the generator. */
  readonly stepProgram: boolean;
  /** Number format of the weights in the file. */
  readonly precision: Precision;
  /** License of the weights: an SPDX expression or a sentence. */
  readonly licence: string | undefined;
}

export interface ExportResult {
  readonly kind: 'generator' | 'step';
  readonly path: string;
  readonly bytes: number;
  readonly architecture: string;
  readonly depth: number;
  /** Step of the checkpoint; absent for the training step, which holds no weights. */
  readonly step?: number;
  /**
   * Largest difference between the probabilities of the file and of the reference engine for one tune of fixed noise.
   * For a network with discrete choices, the share of cells that differ.
   */
  readonly largestError?: number;
  /** How fp16 or int8 weights change the tunes; absent for float32. */
  readonly precision?: PrecisionLoss;
}

/** Checks the network of a run's checkpoint against the reference engine, then writes it as a model file. */
export type Export = (request: ExportRequest) => Promise<ExportResult>;

interface ExportPorts {
  readonly runs: RunStore;
  readonly files: FileStore;
  readonly modelFormat: ModelFormat;
  readonly runtime: GeneratorRuntime;
  readonly engines: EngineRegistry;
  readonly console: Console;
}

/** Largest allowed difference between a probability of the file and one of the reference engine. */
export const EXPORT_TOLERANCE = 1e-5;
/**
 * Largest allowed share of differing cells for a network with discrete choices: rounding decides between two choices
 * that are equally good.
 */
const DISCRETE_MISMATCH_TOLERANCE = 2e-3;

export const createExport =
  (ports: ExportPorts): Export =>
  async (request) => {
    const { out, replace, stepProgram } = request;
    if (out !== undefined && !replace && (await ports.files.kind(out)) !== 'absent') {
      throw new AlreadyExistsError(`${out} exists already; replace it with --force or choose another name`);
    }
    const run = await ports.runs.open(request.run, 'read');
    try {
      return stepProgram ? await exportStep(ports, run, out) : await exportGenerator(ports, run, request);
    } finally {
      await run.close();
    }
  };

/** File name of an exported training step in the run's folder. */
const TRAINING_STEP_FILE = 'step.onnx';

async function exportStep(
  { files, modelFormat }: ExportPorts,
  run: Run,
  out: string | undefined,
): Promise<ExportResult> {
  const { model, batch } = run.configuration;
  const program = trainingProgram(buildConfiguredModel(model), batch);
  const bytes = await modelFormat.encodeProgram(program);
  const path = out ?? `${run.path}/${TRAINING_STEP_FILE}`;
  await files.write(path, bytes);
  return { kind: 'step', path, bytes: bytes.length, architecture: model.architecture, depth: model.depth };
}

async function exportGenerator(
  ports: ExportPorts,
  run: Run,
  { out, licence, checkpoint, precision }: ExportRequest,
): Promise<ExportResult> {
  const { model } = run.configuration;
  const spec = buildConfiguredModel(model);
  const { step, state: trained } = await chooseCheckpoint(run, checkpoint, ports.console);
  const state = inferenceParameters(spec, trained);
  const noise = normals(randomStream(run.configuration.seed, 'samples'), sizeOf(noiseShape(spec)));
  const expected = await generateReferenceTune(ports.engines, spec, state, noise);
  const program = generatorProgram(spec, 1, state);
  const metadata = createMetadata(run.configuration, spec, step, licence);
  const exact = await ports.modelFormat.encodeGenerator(program, metadata);
  const largestError = checkedError(spec, expected, await generateTune(ports.runtime, exact, noise));
  const small =
    precision === 'fp32' ? undefined : await encodeReducedPrecision(ports, program, metadata, exact, precision);
  const bytes = small?.bytes ?? exact;
  if (out !== undefined) await ports.files.write(out, bytes);
  const path = out ?? (await run.saveModel(bytes, precision));
  return {
    ...{ kind: 'generator', path, bytes: bytes.length, architecture: model.architecture, depth: model.depth },
    ...{ step, largestError },
    ...(small === undefined ? {} : { precision: small.loss }),
  };
}

/**
 * The error of a tune compared with the one of the reference engine.
 * @throws EngineError if it is over the tolerance
 */
function checkedError(spec: ModelSpec, expected: Float32Array, actual: Float32Array): number {
  const isDiscrete = spec.examples !== undefined;
  const error = isDiscrete ? mismatchShare(expected, actual) : largestDifference(expected, actual);
  const tolerance = isDiscrete ? DISCRETE_MISMATCH_TOLERANCE : EXPORT_TOLERANCE;
  if (error <= tolerance) return error;
  throw new EngineError(
    `the exported network differs from the reference engine by ${error}, more than ${tolerance}; nothing was written`,
  );
}

/** Encodes the network twice: its metadata holds the loss of precision, which is measured on the first encoding. */
async function encodeReducedPrecision(
  { modelFormat, runtime }: ExportPorts,
  program: Program,
  metadata: ModelMetadata,
  exact: Uint8Array,
  weights: ReducedPrecision,
): Promise<{ readonly bytes: Uint8Array; readonly loss: PrecisionLoss }> {
  const unmeasured = { weights, tunes: 0, cells: 0, sounding: 0, changed: 0, mostInATune: 0, largestError: 0 };
  const first = await modelFormat.encodeGenerator(program, { ...metadata, precision: unmeasured });
  const loss = await measurePrecisionLoss(runtime, weights, exact, first);
  return { bytes: await modelFormat.encodeGenerator(program, { ...metadata, precision: loss }), loss };
}

async function chooseCheckpoint(
  run: Run,
  checkpoint: ExportRequest['checkpoint'],
  console: Console,
): Promise<Checkpoint> {
  if (checkpoint === 'newest') return newestCheckpoint(run, console);
  return run.checkpointAt(checkpoint === 'best' ? await bestStep(run) : checkpoint);
}

async function bestStep(run: Run): Promise<number> {
  const best = bestKeptCheckpoint(await run.readLog(), await run.checkpointSteps());
  if (best !== undefined) return best.step;
  throw new FileAccessError(
    `${run.path} has no best checkpoint, because samples were evaluated at none of them; ` +
      'leave out --best to export the newest',
  );
}

async function newestCheckpoint(run: Run, console: Console): Promise<Checkpoint> {
  const { checkpoint, skipped } = await run.latestCheckpoint();
  const [newest] = skipped;
  if (checkpoint === undefined && newest !== undefined) {
    throw new DamagedFileError(
      `every checkpoint of ${run.path} is damaged; the newest is ${newest.file}: ${newest.reason}`,
    );
  }
  if (checkpoint === undefined) {
    throw new FileAccessError(
      `${run.path} has no checkpoint yet; train it to its first one with apollo train --resume`,
    );
  }
  for (const { file, reason } of skipped) console.warn(`skipped a damaged checkpoint, ${file}: ${reason}`);
  return checkpoint;
}

/** Runs the network with batch normalization not folded, in float64. The deepest network takes a few seconds. */
async function generateReferenceTune(
  engines: EngineRegistry,
  spec: ModelSpec,
  state: NamedTensors,
  noise: Float32Array,
): Promise<Float32Array> {
  const { engine } = await engines.open({ name: 'reference', device: 'cpu', threads: 1 });
  const program = await engine.compile(samplingProgram(spec, 1));
  try {
    await program.load(state);
    const feeds = new Map([[GENERATOR_TENSORS.noise, { shape: [1, ...noiseShape(spec)], data: noise }]]);
    return (await program.step(feeds)).get(GENERATOR_TENSORS.roll)!.data;
  } finally {
    await program.release();
  }
}

async function generateTune(runtime: GeneratorRuntime, model: Uint8Array, noise: Float32Array): Promise<Float32Array> {
  const generator = await runtime.load(model, 'cpu');
  try {
    return await generator.generate(noise, 1);
  } finally {
    await generator.release();
  }
}

/** NaN if either array holds NaN, so that a comparison with a tolerance fails. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((largest, x, i) => {
    const difference = Math.abs(x - b[i]!);
    return difference <= largest ? largest : difference;
  }, 0);
}

function mismatchShare(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Infinity;
  return a.filter((x, i) => !(Math.abs(x - b[i]!) <= EXPORT_TOLERANCE)).length / a.length;
}

function createMetadata(
  { dataset, seed, batch }: RunConfiguration,
  spec: ModelSpec,
  steps: number,
  licence = 'not stated; ask whoever trained it',
): ModelMetadata {
  return {
    version: MODEL_VERSION,
    architecture: spec.architecture,
    depth: spec.depth,
    noiseShape: noiseShape(spec),
    rollFormat: dataset.format,
    threshold: CATALOGUE.get(spec.architecture)!.threshold,
    training: {
      origin: dataset.origin,
      datasetDigest: dataset.digest,
      rolls: dataset.rolls,
      seed,
      batch,
      steps,
      epochs: Math.floor(steps / stepsPerEpoch(dataset.rolls, batch)),
    },
    licence,
  };
}
