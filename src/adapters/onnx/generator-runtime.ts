import { availableParallelism } from 'node:os';
import { DamagedFileError, ShapeError } from '../../domain/errors.js';
import { GENERATOR } from '../../domain/model/generator-program.js';
import { rollShape } from '../../domain/music/roll-format.js';
import { sameShape, shapeText, sizeOf } from '../../domain/tensor/tensor.js';
import type { GeneratorRuntime } from '../../ports/generator-runtime.js';
import { hasCudaLibrary, openOnDevice } from './device-choice.js';
import { readGeneratorMetadata } from './generator-metadata.js';
import { openOrtSession, type OpenOrtSession } from './ort-session.js';

/** More make a network of this size no faster, and each takes time to start. */
const MOST_THREADS = 8;

/** Generators on onnxruntime, which is loaded when the first model is. */
export function makeGeneratorRuntime(
  open: OpenOrtSession = openOrtSession,
  hasCuda: () => boolean = hasCudaLibrary,
): GeneratorRuntime {
  return {
    async load(model, device) {
      const metadata = readGeneratorMetadata(model);
      const threads = Math.min(MOST_THREADS, availableParallelism());
      const { session, ...placed } = await openOnDevice(open, model, { device, threads, hasCuda });
      return {
        metadata,
        ...placed,
        async generate(noise, count) {
          const shape = [count, ...metadata.noiseShape];
          if (noise.length !== sizeOf(shape)) {
            throw new ShapeError('the generator', [[noise.length]], `${sizeOf(shape)} numbers of noise`);
          }
          const roll = (await session.run(new Map([[GENERATOR.noise, { shape, data: noise }]]))).get(GENERATOR.roll);
          const want = [count, ...rollShape(metadata.rollFormat)];
          if (roll === undefined || !sameShape(roll.shape, want)) {
            const got = roll === undefined ? 'nothing' : shapeText(roll.shape);
            throw new DamagedFileError(`its metadata promise rolls of ${shapeText(want)}, its network gives ${got}`);
          }
          return roll.data;
        },
        release: () => session.release(),
      };
    },
  };
}
