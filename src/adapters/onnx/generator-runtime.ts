import { availableParallelism } from 'node:os';
import { DamagedFileError, ShapeError } from '../../domain/errors.js';
import { GENERATOR } from '../../domain/model/generator-program.js';
import { thresholdRoll } from '../../domain/music/piano-roll.js';
import { rollShape } from '../../domain/music/roll-format.js';
import { sameShape, shapeText, sizeOf, type NamedTensors, type Shape } from '../../domain/tensor/tensor.js';
import type { GeneratorRuntime } from '../../ports/generator-runtime.js';
import { hasCudaLibrary, openOnDevice } from './device-choice.js';
import { CELLS } from './generator-lowering.js';
import { readGeneratorMetadata } from './generator-metadata.js';
import { openOrtSession, type OpenOrtSession } from './ort-session.js';
import { isWorthOptimising } from './worth-optimising.js';

/** More make a network of this size no faster, and each takes time to start. */
const MOST_THREADS = 8;

/** Generators on onnxruntime, which is loaded when the first model is. */
export function makeGeneratorRuntime(
  open: OpenOrtSession = openOrtSession,
  hasCuda: () => boolean = hasCudaLibrary,
): GeneratorRuntime {
  return {
    async load(model, device, sparedCores = 0) {
      const metadata = readGeneratorMetadata(model);
      const threads = Math.max(1, Math.min(MOST_THREADS, availableParallelism() - sparedCores));
      const optimise = isWorthOptimising(model);
      const { session, ...placed } = await openOnDevice(open, model, { device, threads, hasCuda, optimise });
      const shapeOfRolls = (count: number): Shape => [count, ...rollShape(metadata.rollFormat)];
      const feed = (noise: Float32Array, count: number): NamedTensors => {
        const shape = [count, ...metadata.noiseShape];
        if (noise.length === sizeOf(shape)) return new Map([[GENERATOR.noise, { shape, data: noise }]]);
        throw new ShapeError('the generator', [[noise.length]], `${sizeOf(shape)} numbers of noise`);
      };
      const checked = <T extends { readonly shape: Shape }>(roll: T, count: number): T => {
        const want = shapeOfRolls(count);
        if (sameShape(roll.shape, want)) return roll;
        const got = shapeText(roll.shape);
        throw new DamagedFileError(`its metadata promise rolls of ${shapeText(want)}, its network gives ${got}`);
      };
      const generate = async (noise: Float32Array, count: number): Promise<Float32Array> => {
        const feeds = feed(noise, count);
        if (!session.outputs.includes(GENERATOR.roll)) throw new DamagedFileError('its network gives no certainties');
        return checked((await session.run(feeds, { wanted: [GENERATOR.roll] })).get(GENERATOR.roll)!, count).data;
      };
      return {
        metadata,
        ...placed,
        generate,
        async draw(noise, count) {
          if (session.outputs.includes(CELLS)) {
            return checked(await session.runForBytes(feed(noise, count), CELLS), count).data;
          }
          // A file from before the threshold was inside.
          return thresholdRoll(await generate(noise, count), metadata.rollFormat, metadata.threshold).cells;
        },
        release: () => session.release(),
      };
    },
  };
}
