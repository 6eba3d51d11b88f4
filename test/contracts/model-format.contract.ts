import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { createReferenceEngine } from '../../src/adapters/reference/reference-engine.js';
import { DamagedFileError } from '../../src/domain/errors.js';
import type { ModelMetadata } from '../../src/domain/model/model-metadata.js';
import type { ModelFormat } from '../../src/ports/model-format.js';
import type { PrecisionLoss } from '../../src/domain/model/precision.js';
import { tinyProbabilities, tinyGenerator, tinyMetadata, TINY_PARAMETERS } from '../support/model/tiny-generator.js';
import { equalBytes } from '../support/equal-bytes.js';

const loss = { tunes: 1, cells: 16, sounding: 5, changed: 0, mostInATune: 0, largestError: 0.001 };
const LOW_PRECISION_METADATA = (['fp16', 'int8'] as const).map((weights) => ({
  ...tinyMetadata,
  precision: { weights, ...loss },
}));

/** What every ModelFormat promises. */
export function modelFormatContract(name: string, make: () => ModelFormat): void {
  describe(`ModelFormat: ${name}`, () => {
    it('reads back a generator’s metadata as they were written', async () => {
      await fc.assert(
        fc.asyncProperty(metadata, fc.option(smallerWeights), async (plain, precision) => {
          const written = precision === null ? plain : { ...plain, precision };
          const model = await make().encodeGenerator(tinyGenerator(), written);
          expect(await make().readMetadata(model)).toEqual(written);
        }),
        { numRuns: 30 },
      );
    });

    it('writes bytes that are a function of the program and the metadata alone', async () => {
      const bytes = await make().encodeGenerator(tinyGenerator(), tinyMetadata);
      const again = await make().encodeGenerator(tinyGenerator(), structuredClone(tinyMetadata));
      const other = await make().encodeGenerator(tinyGenerator(2), tinyMetadata);
      const others = await make().encodeGenerator(tinyGenerator(), { ...tinyMetadata, threshold: 0.25 });
      expect(equalBytes(bytes, again)).toBe(true);
      expect(equalBytes(bytes, other)).toBe(false);
      expect(equalBytes(bytes, others)).toBe(false);
    });

    it('reads back a generator’s program, which computes the same values', async () => {
      const [written, engine] = [tinyGenerator(), createReferenceEngine()];
      const read = await make().readGenerator(await make().encodeGenerator(written, tinyMetadata));
      expect(read.feeds.map(({ params }) => params)).toEqual([{ name: 'noise', shape: [1, 3] }]);
      const feeds = new Map([['noise', { shape: [1, 3], data: Float32Array.of(0.5, -1, 2) }]]);
      const [got, want] = await Promise.all(
        [read, written].map(async (program) => (await (await engine.compile(program)).step(feeds)).get('roll')!),
      );
      expect(got!.shape).toEqual([1, 1, 2, 8]);
      got!.data.forEach((value, i) => expect(value).toBeCloseTo(want!.data[i]!, 6));
      const program = await make().encodeProgram(tinyGenerator());
      await expect(make().readGenerator(program)).rejects.toThrow(DamagedFileError);
    });

    it.each(LOW_PRECISION_METADATA)(
      'reads back a program whose weights are kept in $precision.weights',
      async (metadata) => {
        const engine = createReferenceEngine();
        const read = await make().readGenerator(await make().encodeGenerator(tinyGenerator(), metadata));
        const feeds = new Map([['noise', { shape: [1, 3], data: Float32Array.of(0.5, -1, 2) }]]);
        const got = (await (await engine.compile(read)).step(feeds)).get('roll')!.data;
        const want = tinyProbabilities(Float32Array.of(0.5, -1, 2), 1);
        got.forEach((value, i) => expect(Math.abs(value - want[i]!)).toBeLessThan(0.01));
      },
    );

    it('counts the numbers in the program’s constant tensors, however they are kept', async () => {
      for (const metadata of [tinyMetadata, ...LOW_PRECISION_METADATA]) {
        const model = await make().encodeGenerator(tinyGenerator(), metadata);
        expect(make().countParameters(model)).toBe(TINY_PARAMETERS);
      }
    });

    it('rejects bytes that are not an Apollo model with DamagedFileError', async () => {
      const program = await make().encodeProgram(tinyGenerator());
      const text = new TextEncoder().encode('{"hello": "world"}');
      for (const bytes of [new Uint8Array(), Uint8Array.of(0), text, new Uint8Array(1000), program]) {
        await expect(make().readMetadata(bytes)).rejects.toThrow(DamagedFileError);
      }
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
          await expect(make().readMetadata(bytes)).rejects.toThrow(DamagedFileError);
        }),
      );
    });

    it('rejects a model in which a byte was changed, lost or added with DamagedFileError', async () => {
      const whole = await make().encodeGenerator(tinyGenerator(), tinyMetadata);
      for (let i = 0; i < whole.length; i++) {
        const changed = whole.slice();
        changed[i]! ^= 1 << (i % 8);
        await expect(make().readMetadata(changed)).rejects.toThrow(DamagedFileError);
      }
      for (const end of [1, 10, whole.length >> 1, whole.length - 1]) {
        await expect(make().readMetadata(whole.slice(0, end))).rejects.toThrow(DamagedFileError);
      }
      await expect(make().readMetadata(Uint8Array.of(...whole, 0))).rejects.toThrow(DamagedFileError);
      await expect(make().readMetadata(Uint8Array.of(...whole, ...whole))).rejects.toThrow(DamagedFileError);
    });
  });
}

const count = fc.maxSafeNat();
const text = fc.string({ maxLength: 30, unit: 'grapheme' });

const metadata: fc.Arbitrary<ModelMetadata> = fc.record({
  version: fc.constant(1 as const),
  architecture: text,
  depth: fc.integer({ min: 1, max: 300 }),
  noiseShape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  rollFormat: fc.record({
    lowestPitch: fc.integer({ min: 0, max: 40 }),
    pitches: fc.integer({ min: 1, max: 87 }),
    columns: fc.integer({ min: 1, max: 40 }).map((eights) => eights * 8),
    columnsPerBeat: fc.integer({ min: 1, max: 96 }),
    channels: fc.uniqueArray(
      fc.record({ voice: fc.string({ minLength: 1, maxLength: 9 }), kind: fc.constantFrom('sustain', 'onset') }),
      { minLength: 1, maxLength: 5, selector: ({ voice, kind }) => `${voice}:${kind}` },
    ),
  }),
  threshold: fc.double({ min: 0, max: 1, noNaN: true }).map((x) => x + 0), // JSON has no -0
  training: fc.record({
    origin: text,
    datasetDigest: text,
    rolls: count,
    seed: count,
    batch: count,
    steps: count,
    epochs: count,
  }),
  licence: text,
});

const smallerWeights: fc.Arbitrary<PrecisionLoss> = fc.record({
  weights: fc.constantFrom('fp16', 'int8'),
  ...{ tunes: count, cells: count, sounding: count, changed: count, mostInATune: count },
  largestError: fc.double({ min: 0, max: 1, noNaN: true }).map((x) => x + 0),
});
