import { describe, expect, it } from '@jest/globals';
import { DamagedFileError, ShapeError, UnavailableDeviceError } from '../../src/domain/errors.js';
import { normals, randomStream } from '../../src/domain/random.js';
import type { GeneratorRuntime } from '../../src/ports/generator-runtime.js';
import { tinyProbabilities, tinyMetadata } from '../support/model/tiny-generator.js';

interface GeneratorRuntimeUnderTest {
  readonly runtime: GeneratorRuntime;
  /** The tiny generator as the runtime reads it. */
  readonly model: Uint8Array | Promise<Uint8Array>;
  /** One that is not on this machine. */
  readonly missingDevice: string;
}

/** What every GeneratorRuntime promises. */
export function generatorRuntimeContract(name: string, make: () => GeneratorRuntimeUnderTest): void {
  const noise = normals(randomStream(5, 'tests'), 3 * 20);

  describe(`GeneratorRuntime: ${name}`, () => {
    it('gives the probabilities of the exported network, whatever the batch', async () => {
      const { runtime, ...under } = make();
      const model = await under.model;
      const generator = await runtime.load(model, 'auto');
      expect(generator.metadata).toEqual(tinyMetadata);
      for (const count of [1, 7, 20, 16, 2]) {
        const [got, want] = [
          await generator.generate(noise.slice(0, count * 3), count),
          tinyProbabilities(noise, count),
        ];
        expect(got).toHaveLength(want.length);
        expect(Math.max(...want.map((value, i) => Math.abs(value - got[i]!)))).toBeLessThan(1e-5);
      }
      await generator.release();
    });

    it('gives equal bytes for equal noise, and a tune that does not depend on its batch', async () => {
      const { runtime, ...under } = make();
      const model = await under.model;
      const [one, other] = [await runtime.load(model, 'auto'), await runtime.load(model, 'auto')];
      const first = await one.generate(noise, 20);
      expect([...(await other.generate(noise.slice(), 20))]).toEqual([...first]);
      for (const i of [4, 19]) {
        const alone = await one.generate(noise.slice(3 * i, 3 * i + 3), 1);
        expect(Math.max(...alone.map((value, at) => Math.abs(value - first[i * 16 + at]!)))).toBeLessThan(1e-5);
      }
      await Promise.all([one.release(), other.release()]);
    });

    it('gives the cells whose probability is at least the model’s threshold', async () => {
      const { runtime, ...under } = make();
      const model = await under.model;
      const generator = await runtime.load(model, 'auto');
      const [cells, certainties] = [await generator.generateCells(noise, 20), await generator.generate(noise, 20)];
      expect([...cells]).toEqual([...certainties].map((certainty) => Number(certainty >= tinyMetadata.threshold)));
      expect(new Set(cells)).toEqual(new Set([0, 1]));
      await expect(generator.generateCells(noise.slice(0, 5), 2)).rejects.toThrow(ShapeError);
      await generator.release();
    });

    it('rejects bytes that are not an Apollo model with DamagedFileError', async () => {
      const { runtime, ...under } = make();
      const model = await under.model;
      const flipped = model.slice();
      flipped[model.length >> 1]! ^= 4;
      for (const bytes of [new Uint8Array(), Uint8Array.of(8, 8, 58), model.slice(0, -3), flipped]) {
        await expect(runtime.load(bytes, 'auto')).rejects.toThrow(DamagedFileError);
      }
    });

    it('rejects an absent device with UnavailableDeviceError; auto takes one that works and says which', async () => {
      const { runtime, missingDevice, ...under } = make();
      const model = await under.model;
      await expect(runtime.load(model, missingDevice)).rejects.toThrow(UnavailableDeviceError);
      await expect(runtime.load(model, missingDevice)).rejects.toThrow(missingDevice);
      await expect(runtime.load(model, 'abacus')).rejects.toThrow(UnavailableDeviceError);
      const generator = await runtime.load(model, 'auto');
      expect(generator.device).not.toBe('auto');
      const named = await runtime.load(model, generator.device);
      expect(named.device).toBe(generator.device);
      await Promise.all([generator.release(), named.release()]);
    });

    it('rejects noise of another length with ShapeError', async () => {
      const { runtime, ...under } = make();
      const model = await under.model;
      const generator = await runtime.load(model, 'auto');
      await expect(generator.generate(noise.slice(0, 5), 2)).rejects.toThrow(ShapeError);
      await generator.release();
    });
  });
}
