import { concatenate } from '../../../domain/concatenate.js';
import { availableParallelism } from 'node:os';
import { DamagedFileError, ShapeError } from '../../../domain/errors.js';
import { GENERATOR_TENSORS } from '../../../domain/model/generator-program.js';
import type { ModelMetadata } from '../../../domain/model/model-metadata.js';
import { thresholdRoll } from '../../../domain/roll/piano-roll.js';
import { rollShape } from '../../../domain/roll/roll-format.js';
import { sameShape, shapeText, sizeOf, type NamedTensors, type Shape } from '../../../domain/tensor/tensor.js';
import type { Digest } from '../../../ports/digest.js';
import type { Generator, GeneratorRuntime } from '../../../ports/generator-runtime.js';
import { countParameters } from '../model/count-parameters.js';
import { hasCudaLibrary, openOnDevice, type PlacedSession } from './device-choice.js';
import { CELLS_OUTPUT } from '../lowering/generator-lowering.js';
import { readGeneratorMetadata } from '../model/generator-metadata.js';
import { openOrtSession, type OpenOrtSession } from './ort-session.js';
import { needsGraphOptimization } from './needs-graph-optimization.js';

/** More threads do not speed up a network of this size, and each takes time to start. */
const MAX_THREADS = 8;

/**
 * The most tunes in one run on a processor. The activations of more do not fit its caches, and each tune takes 10 to 15
 * % longer.
 */
const MAX_TUNES_PER_RUN = 8;

/** A generator with fewer weights has no convolution for which Winograd's method pays. */
const MIN_WEIGHTS_TO_REWRITE = 4e6;

interface GeneratorRuntimeOptions {
  readonly digest: Digest;
  /** Opens sessions, and tells whether the CUDA library is installed; tests replace both. */
  readonly openSession?: OpenOrtSession;
  readonly hasCuda?: () => boolean;
}

/** Generators on onnxruntime. The library is loaded with the first model. */
export function createGeneratorRuntime({
  digest,
  openSession: open = openOrtSession,
  hasCuda = hasCudaLibrary,
}: GeneratorRuntimeOptions): GeneratorRuntime {
  return {
    async load(model, device, reservedCores = 0) {
      const metadata = await readGeneratorMetadata(model, digest);
      const threads = Math.max(1, Math.min(MAX_THREADS, availableParallelism() - reservedCores));
      const optimize = needsGraphOptimization(model);
      const openFastest: OpenOrtSession = async (file, options) => {
        if (options.device !== 'cpu' || countParameters(file) < MIN_WEIGHTS_TO_REWRITE) return open(file, options);
        const { openCpuSession } = await import('./cpu-session.js');
        return (await openCpuSession(file, metadata, open, options)) ?? open(file, options);
      };
      const placed = await openOnDevice(openFastest, model, { device, threads, hasCuda, optimize });
      return createGenerator(placed, metadata);
    },
  };
}

function createGenerator({ session, device, notice }: PlacedSession, metadata: ModelMetadata): Generator {
  const maxTunes = device === 'cpu' ? MAX_TUNES_PER_RUN : Infinity;
  const generate = async (noise: Float32Array, count: number): Promise<Float32Array> => {
    const { roll } = GENERATOR_TENSORS;
    if (!session.outputNames.includes(roll)) throw new DamagedFileError(`its network has no output "${roll}"`);
    const run = async (feeds: NamedTensors) => (await session.run(feeds, { outputs: [roll] })).get(roll)!;
    return concatenate(await runInBatches({ noise, count, maxTunes }, metadata, run), (size) => new Float32Array(size));
  };
  return {
    ...{ metadata, device, notice, generate },
    async generateCells(noise, count) {
      if (session.outputNames.includes(CELLS_OUTPUT)) {
        const run = (feeds: NamedTensors) => session.runForBytes(feeds, CELLS_OUTPUT);
        return concatenate(
          await runInBatches({ noise, count, maxTunes }, metadata, run),
          (size) => new Uint8Array(size),
        );
      }
      // Older files have no threshold inside.
      return thresholdRoll(await generate(noise, count), metadata.rollFormat, metadata.threshold).cells;
    },
    release: () => session.release(),
  };
}

interface RollBatch {
  readonly shape: Shape;
  readonly data: Float32Array | Uint8Array;
}

interface NoiseBatch {
  /** [count, ...noiseShape] */
  readonly noise: Float32Array;
  readonly count: number;
  /** The most tunes in one run. */
  readonly maxTunes: number;
}

/**
 * Runs a generator for `count` tunes, in runs of at most `maxTunes`.
 * @throws ShapeError for noise of another length; DamagedFileError for rolls of another shape than the metadata say
 */
async function runInBatches<T extends RollBatch>(
  { noise, count, maxTunes }: NoiseBatch,
  { noiseShape, rollFormat }: ModelMetadata,
  run: (feeds: NamedTensors) => Promise<T>,
): Promise<readonly T['data'][]> {
  const noiseSize = sizeOf(noiseShape);
  if (noise.length !== count * noiseSize) {
    throw new ShapeError('the generator', [[noise.length]], `${count * noiseSize} numbers of noise`);
  }
  const batches: T['data'][] = [];
  for (let start = 0; start < count; start += maxTunes) {
    const length = Math.min(maxTunes, count - start);
    const data = noise.subarray(start * noiseSize, (start + length) * noiseSize);
    const rolls = await run(new Map([[GENERATOR_TENSORS.noise, { shape: [length, ...noiseShape], data }]]));
    const expected = [length, ...rollShape(rollFormat)];
    if (!sameShape(rolls.shape, expected)) {
      const [promised, got] = [shapeText(expected), shapeText(rolls.shape)];
      throw new DamagedFileError(`its metadata promise rolls of shape ${promised}, its network gives ${got}`);
    }
    batches.push(rolls.data);
  }
  return batches;
}
