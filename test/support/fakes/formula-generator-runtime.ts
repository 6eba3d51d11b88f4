import { ShapeError, UnavailableDeviceError } from '../../../src/domain/errors.js';
import { sizeOf } from '../../../src/domain/tensor/tensor.js';
import type { GeneratorRuntime } from '../../../src/ports/generator-runtime.js';
import { jsonModelFormat } from './json-model-format.js';

/** noise [count, ...], count -> certainties [count, ...] */
type Formula = (noise: Float32Array, count: number) => Float32Array;

/** Runs a formula instead of the model's network, on a device called `paper`. */
export function formulaGeneratorRuntime(formula: Formula): GeneratorRuntime & { released: number } {
  const runtime = {
    released: 0,
    async load(model: Uint8Array, device: string) {
      const metadata = await jsonModelFormat.readMetadata(model);
      if (device !== 'auto' && device !== 'paper') throw new UnavailableDeviceError(`there is no ${device}; use paper`);
      const generate = async (noise: Float32Array, count: number): Promise<Float32Array> => {
        const want = count * sizeOf(metadata.noiseShape);
        if (noise.length !== want) throw new ShapeError('the formula', [[noise.length]], `${want} numbers`);
        return formula(noise, count);
      };
      return {
        metadata,
        device: 'paper',
        notice: '',
        generate,
        generateCells: async (noise: Float32Array, count: number) =>
          Uint8Array.from(await generate(noise, count), (certainty) => Number(certainty >= metadata.threshold)),
        release: async () => void runtime.released++,
      };
    },
  };
  return runtime;
}
