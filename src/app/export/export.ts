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
import { describePrecisionLoss } from '../models/describe.js';
import { measurePrecisionLoss } from '../models/measure-precision-loss.js';

export interface ExportRequest {
  /** The run's folder. */
  readonly run: string;
  /** Where the file goes; in the run's folder when absent. */
  readonly out: string | undefined;
  /** Whether a file that stands at `out` gives way. One in the run's folder always does. */
  readonly replace: boolean;
  /** Which checkpoint: the newest whole one, the best kept, or the one of a step. */
  readonly checkpoint: 'newest' | 'best' | number;
  /** The training step instead of the generator. */
  readonly stepProgram: boolean;
  /** How the weights are kept in the file. */
  readonly precision: Precision;
  /** Of the weights: an SPDX expression or a sentence. */
  readonly licence: string | undefined;
}

export interface ExportResult {
  readonly kind: 'generator' | 'step';
  readonly path: string;
  readonly bytes: number;
  readonly architecture: string;
  readonly depth: number;
  /** Of the checkpoint; absent for the training step, which holds no weights. */
  readonly step?: number;
  /**
   * Largest difference between the file's certainties and the reference engine's for one tune of fixed noise; of a
   * network that chooses, the share of cells that differ.
   */
  readonly largestError?: number;
  /** What smaller weights change; absent for float32. */
  readonly precision?: PrecisionLoss;
}

/** Writes the network of a run's checkpoint as a model file, after checking what it computes. */
export type Export = (request: ExportRequest) => Promise<ExportResult>;

export interface ExportPorts {
  readonly runs: RunStore;
  readonly files: FileStore;
  readonly modelFormat: ModelFormat;
  readonly runtime: GeneratorRuntime;
  readonly engines: EngineRegistry;
  readonly console: Console;
}

/** How far the file's certainties may be from the reference engine's. */
export const EXPORT_TOLERANCE = 1e-5;
/** The share of cells that may differ where a network chooses: rounding decides between two choices that are equally good. */
export const DISCRETE_MISMATCH_TOLERANCE = 2e-3;

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

/** The training step of the run, beside its model. */
export const TRAINING_STEP_FILE = 'step.onnx';

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
  const { step, state: trained } =
    checkpoint === 'newest'
      ? await newestCheckpoint(run, ports.console)
      : await run.checkpointAt(checkpoint === 'best' ? await bestStep(run) : checkpoint);
  const state = inferenceParameters(spec, trained);
  const noise = normals(randomStream(run.configuration.seed, 'samples'), sizeOf(noiseShape(spec)));
  const want = await generateReferenceTune(ports.engines, spec, state, noise);
  const program = generatorProgram(spec, 1, state);
  const metadata = createMetadata(run.configuration, spec, step, licence);
  const exact = await ports.modelFormat.encodeGenerator(program, metadata);
  const got = await generateTune(ports.runtime, exact, noise);
  const chooses = spec.examples !== undefined;
  const largestError = chooses ? mismatchShare(want, got) : largestDifference(want, got);
  const tolerance = chooses ? DISCRETE_MISMATCH_TOLERANCE : EXPORT_TOLERANCE;
  if (!(largestError <= tolerance)) {
    throw new EngineError(
      `the exported network differs from the reference by ${largestError}, more than ${tolerance}, so it was not written`,
    );
  }
  const small =
    precision === 'fp32' ? undefined : await encodeReducedPrecision(ports, program, metadata, exact, precision);
  const bytes = small?.bytes ?? exact;
  if (out !== undefined) await ports.files.write(out, bytes);
  const path = out ?? (await run.saveModel(bytes, precision));
  return {
    kind: 'generator',
    path,
    bytes: bytes.length,
    architecture: model.architecture,
    depth: model.depth,
    step,
    largestError,
    ...(small === undefined ? {} : { precision: small.loss }),
  };
}

/** The same network with smaller weights, and in its metadata what they change: so it is written twice. */
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

async function bestStep(run: Run): Promise<number> {
  const best = bestKeptCheckpoint(await run.readLog(), await run.checkpointSteps());
  if (best !== undefined) return best.step;
  throw new FileAccessError(
    `${run.path} has no best checkpoint: none of those there was judged by its samples; leave out --best for the newest`,
  );
}

async function newestCheckpoint(run: Run, console: Console): Promise<Checkpoint> {
  const { checkpoint, skipped } = await run.latestCheckpoint();
  const [newest] = skipped;
  if (checkpoint === undefined && newest !== undefined) {
    throw new DamagedFileError(
      `no checkpoint of ${run.path} is whole; of the newest, ${newest.file}: ${newest.reason}`,
    );
  }
  if (checkpoint === undefined) {
    throw new FileAccessError(
      `${run.path} has no checkpoint yet; train it to its first one with apollo train --resume`,
    );
  }
  for (const { file, reason } of skipped) console.warn(`passed over a damaged checkpoint, ${file}: ${reason}`);
  return checkpoint;
}

/** What the unfolded network draws by plain loops in doubles: a few seconds for the deepest. */
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

/** NaN, when one of them is none, is no small difference. */
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

export function describeExport(result: ExportResult): string[] {
  const { kind, path, bytes, architecture, depth, step, largestError, precision } = result;
  if (kind === 'step') {
    return [
      `${path}: the training step of ${architecture}, depth ${depth}, ${bytes} bytes`,
      'its feeds, state and metrics are listed as JSON in its metadata under "apollo.program"',
    ];
  }
  return [
    `${path}: the generator of ${architecture}, depth ${depth}, after step ${step}, ${bytes} bytes`,
    `checked against the reference engine on one tune of fixed noise: largest error ${largestError!.toExponential(1)}`,
    ...(precision === undefined ? [] : [describePrecisionLoss(precision)]),
    `to compose with it: apollo compose --model ${path}`,
  ];
}
