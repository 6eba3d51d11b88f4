import { availableParallelism } from 'node:os';
import { DamagedFileError, ShapeError } from '../../../domain/errors.js';
import { GENERATOR_TENSORS } from '../../../domain/model/generator-program.js';
import { thresholdRoll } from '../../../domain/roll/piano-roll.js';
import { rollShape } from '../../../domain/roll/roll-format.js';
import { sameShape, shapeText, sizeOf, type NamedTensors, type Shape } from '../../../domain/tensor/tensor.js';
import type { Digest } from '../../../ports/digest.js';
import type { GeneratorRuntime } from '../../../ports/generator-runtime.js';
import { countParameters } from '../model/count-parameters.js';
import { hasCudaLibrary, openOnDevice } from './device-choice.js';
import { CELLS_OUTPUT } from '../lowering/generator-lowering.js';
import { readGeneratorMetadata } from '../model/generator-metadata.js';
import { openOrtSession, type OpenOrtSession } from './ort-session.js';
import { needsGraphOptimization } from './needs-graph-optimization.js';

/** More make a network of this size no faster, and each takes time to start. */
const MAX_THREADS = 8;

/** Tunes that a processor draws at once: what more of them need does not stay in its caches, and each takes 10 to 15 % longer. */
const MAX_TUNES_PER_RUN = 8;

/** A generator of fewer has no convolution that is worth being written for the processor. */
const MIN_WEIGHTS_TO_REWRITE = 4e6;

export interface GeneratorRuntimeOptions {
  readonly digest: Digest;
  /** For tests. */
  readonly openSession?: OpenOrtSession;
  readonly hasCuda?: () => boolean;
}

/** Generators on onnxruntime, which is loaded when the first model is. */
export function createGeneratorRuntime({
  digest,
  openSession: open = openOrtSession,
  hasCuda = hasCudaLibrary,
}: GeneratorRuntimeOptions): GeneratorRuntime {
  return {
    async load(model, device, sparedCores = 0) {
      const metadata = await readGeneratorMetadata(model, digest);
      const threads = Math.max(1, Math.min(MAX_THREADS, availableParallelism() - sparedCores));
      const optimize = needsGraphOptimization(model);
      const openBest: OpenOrtSession = async (file, options) => {
        if (options.device !== 'cpu' || countParameters(file) < MIN_WEIGHTS_TO_REWRITE) return open(file, options);
        const { openCpuSession: openCpuSession } = await import('./cpu-session.js');
        return (await openCpuSession(file, metadata, open, options)) ?? open(file, options);
      };
      const { session, ...placed } = await openOnDevice(openBest, model, { device, threads, hasCuda, optimize });
      const most = placed.device === 'cpu' ? MAX_TUNES_PER_RUN : Infinity;
      const shapeOfRolls = (count: number): Shape => [count, ...rollShape(metadata.rollFormat)];
      const checked = <T extends RollBatch>(rolls: T, count: number): T => {
        const want = shapeOfRolls(count);
        if (sameShape(rolls.shape, want)) return rolls;
        const got = shapeText(rolls.shape);
        throw new DamagedFileError(`its metadata promise rolls of ${shapeText(want)}, its network gives ${got}`);
      };
      /** @param run draws a few tunes */
      const inTurns = async <T extends RollBatch>(
        noise: Float32Array,
        count: number,
        run: (feeds: NamedTensors) => Promise<T>,
      ): Promise<readonly T['data'][]> => {
        const ofOne = sizeOf(metadata.noiseShape);
        if (noise.length !== count * ofOne) {
          throw new ShapeError('the generator', [[noise.length]], `${count * ofOne} numbers of noise`);
        }
        const turns: T['data'][] = [];
        for (let from = 0; from < count; from += most) {
          const some = Math.min(most, count - from);
          const data = noise.subarray(from * ofOne, (from + some) * ofOne);
          const shape = [some, ...metadata.noiseShape];
          turns.push(checked(await run(new Map([[GENERATOR_TENSORS.noise, { shape, data }]])), some).data);
        }
        return turns;
      };
      const generate = async (noise: Float32Array, count: number): Promise<Float32Array> => {
        if (!session.outputs.includes(GENERATOR_TENSORS.roll))
          throw new DamagedFileError('its network gives no certainties');
        const turns = await inTurns(noise, count, async (feeds) =>
          (await session.run(feeds, { wanted: [GENERATOR_TENSORS.roll] })).get(GENERATOR_TENSORS.roll)!,
        );
        return concatenate(turns, (size) => new Float32Array(size));
      };
      return {
        metadata,
        ...placed,
        generate,
        async generateCells(noise, count) {
          if (session.outputs.includes(CELLS_OUTPUT)) {
            const turns = await inTurns(noise, count, (feeds) => session.runForBytes(feeds, CELLS_OUTPUT));
            return concatenate(turns, (size) => new Uint8Array(size));
          }
          // A file from before the threshold was inside.
          return thresholdRoll(await generate(noise, count), metadata.rollFormat, metadata.threshold).cells;
        },
        release: () => session.release(),
      };
    },
  };
}

interface RollBatch {
  readonly shape: Shape;
  readonly data: Float32Array | Uint8Array;
}

/** One after the other; a single one as it is. */
function concatenate<T extends Float32Array | Uint8Array>(parts: readonly T[], make: (size: number) => T): T {
  if (parts.length === 1) return parts[0]!;
  const all = make(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
