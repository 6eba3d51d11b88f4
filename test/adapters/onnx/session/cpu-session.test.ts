import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphBuilder } from '../../../../src/adapters/onnx/lowering/graph-builder.js';
import { encodeModel } from '../../../../src/adapters/onnx/model/model-file.js';
import { onnxModelFormat } from '../../../support/onnx-model-format.js';
import { readGraph } from '../../../../src/adapters/onnx/import/graph-reader.js';
import {
  openOrtSession,
  type OpenOrtSession,
  type OrtSession,
} from '../../../../src/adapters/onnx/session/ort-session.js';
import { openCpuSession } from '../../../../src/adapters/onnx/session/cpu-session.js';
import { EngineError } from '../../../../src/domain/errors.js';
import { buildModel } from '../../../../src/domain/model/catalogue/catalogue.js';
import { generatorProgram } from '../../../../src/domain/model/generator-program.js';
import type { ModelMetadata } from '../../../../src/domain/model/model-metadata.js';
import { initializeParameters } from '../../../../src/domain/model/parameters.js';
import type { Precision } from '../../../../src/domain/model/precision.js';
import { normals, randomStream } from '../../../../src/domain/random.js';
import { sizeOf } from '../../../../src/domain/tensor/tensor.js';
import { tinyMetadata } from '../../../support/model/tiny-generator.js';

const OPTIONS = { device: 'cpu', threads: 2 } as const;
const DEPTH = 16;
/** Fewer multiplications than each of its three large layers has for a tune. */
const MIN_MULTIPLICATIONS = 8e6;

const spec = buildModel('dcgan-a', DEPTH);
const [noiseShape, rollFormat] = [spec.generator.inputShape, spec.rollFormat];
const metadata: ModelMetadata = { ...tinyMetadata, noiseShape, rollFormat, threshold: 0.4 };

async function encodeLargeGenerator(weights: Precision): Promise<Uint8Array> {
  const state = new Map(
    [...initializeParameters([spec.generator], 3)].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((x) => x * 4) },
    ]),
  );
  const measured = { tunes: 1, cells: 1, sounding: 1, changed: 0, mostInATune: 0, largestError: 0 };
  const precision = weights === 'fp32' ? {} : { precision: { weights, ...measured } };
  return onnxModelFormat.encodeGenerator(generatorProgram(spec, 1, state), {
    ...metadata,
    ...precision,
  });
}

const noiseOf = (count: number) => {
  const shape = [count, ...noiseShape];
  return new Map([['noise', { shape, data: normals(randomStream(1, 'tests'), sizeOf(shape)) }]]);
};

const maxDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0);

describe('openCpuSession', () => {
  let model: Uint8Array;
  let original: OrtSession;
  beforeAll(async () => {
    model = await encodeLargeGenerator('fp32');
    original = await openOrtSession(model, OPTIONS);
  });
  afterAll(() => original.release());

  it('draws what the file draws, for any number of tunes at once', async () => {
    const session = (await openCpuSession(model, metadata, openOrtSession, OPTIONS, MIN_MULTIPLICATIONS))!;
    for (const count of [1, 8, 3]) {
      const feeds = noiseOf(count);
      const [want, got] = [await original.run(feeds), await session.run(feeds)].map((each) => each.get('roll')!);
      expect(got!.shape).toEqual(want!.shape);
      expect(maxDifference(want!.data, got!.data)).toBeLessThan(1e-5);
      // the values differ
      expect(maxDifference(want!.data, want!.data.slice().fill(want!.data[0]!))).toBeGreaterThan(0.1);
      const cells = await session.runForBytes(feeds, 'cells');
      expect([...cells.data]).toEqual([...got!.data].map((probability) => Number(probability >= metadata.threshold)));
      expect(new Set(cells.data)).toEqual(new Set([0, 1]));
    }
    await session.release();
  });

  it('draws each tune of a batch as it draws it alone, bit for bit', async () => {
    const session = (await openCpuSession(model, metadata, openOrtSession, OPTIONS, MIN_MULTIPLICATIONS))!;
    const feeds = noiseOf(5);
    const { data } = feeds.get('noise')!;
    const all = (await session.run(feeds)).get('roll')!.data;
    const [size, cells] = [sizeOf(noiseShape), all.length / 5];
    for (const i of [0, 4]) {
      const noise = { shape: [1, ...noiseShape], data: data.slice(i * size, (i + 1) * size) };
      const alone = (await session.run(new Map([['noise', noise]]))).get('roll')!.data;
      expect([...alone]).toEqual([...all.slice(i * cells, (i + 1) * cells)]);
    }
    await session.release();
  });

  it('uses Winograd in the large layers and packs their filters once', async () => {
    const opened: Uint8Array[] = [];
    const open: OpenOrtSession = (each, options) => {
      opened.push(each);
      return openOrtSession(each, options);
    };
    await (await openCpuSession(model, metadata, open, OPTIONS, MIN_MULTIPLICATIONS))!.release();
    const convolutions = readGraph(opened.at(-1)!).nodes.filter(({ op }) => op === 'Conv');
    const products = convolutions.filter(
      ({ ints }) => !ints.has('group') && ints.get('kernel_shape')?.join() === '1,1',
    );
    expect(products).toHaveLength(3 * 4 * 9); // layers, phases, products
    expect(readGraph(opened.at(-1)!).nodes.map(({ op }) => op)).not.toContain('Gather');
  });

  it.each<Precision>(['fp16', 'int8'])('also rewrites weights of reduced precision: %s', async (precision) => {
    const smaller = await encodeLargeGenerator(precision);
    const [filed, session] = [
      await openOrtSession(smaller, OPTIONS),
      (await openCpuSession(smaller, metadata, openOrtSession, OPTIONS, MIN_MULTIPLICATIONS))!,
    ];
    const [want, got] = await Promise.all(
      [filed, session].map(async (each) => (await each.run(noiseOf(2))).get('roll')!),
    );
    expect(maxDifference(want!.data, got!.data)).toBeLessThan(1e-5);
    await Promise.all([filed.release(), session.release()]);
  });

  it('is undefined for operations that Apollo does not write', async () => {
    const other = new GraphBuilder('other');
    other.input('noise', [1, 3]);
    other.output('roll', [1, 3], other.add('Floor', ['noise']));
    expect(
      await openCpuSession(encodeModel(other.finish()), metadata, openOrtSession, OPTIONS, MIN_MULTIPLICATIONS),
    ).toBeUndefined();
  });

  it('is undefined where the file is as fast, or the machine has no blocked layout', async () => {
    const withoutBlocks: OpenOrtSession = async () => {
      throw new EngineError('onnxruntime refused the program');
    };
    expect(await openCpuSession(model, metadata, openOrtSession, OPTIONS)).toBeUndefined();
    expect(await openCpuSession(model, metadata, withoutBlocks, OPTIONS, MIN_MULTIPLICATIONS)).toBeUndefined();
  });
});
