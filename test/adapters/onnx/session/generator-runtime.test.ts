import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { createGeneratorRuntime } from '../../../../src/adapters/onnx/session/generator-runtime.js';
import { sha256 } from '../../../../src/adapters/node-platform/sha256.js';
import { onnxModelFormat } from '../../../support/onnx-model-format.js';
import { openOrtSession, type OpenOrtSession } from '../../../../src/adapters/onnx/session/ort-session.js';
import { createReferenceEngine } from '../../../../src/adapters/reference/reference-engine.js';
import { DamagedFileError, EngineError, UnavailableDeviceError } from '../../../../src/domain/errors.js';
import { buildModel } from '../../../../src/domain/model/catalogue/catalogue.js';
import { generatorProgram } from '../../../../src/domain/model/generator-program.js';
import { initializeParameters } from '../../../../src/domain/model/parameters.js';
import { normals, randomStream } from '../../../../src/domain/random.js';
import { input, multiply } from '../../../../src/domain/tensor/node-builders.js';
import { sizeOf } from '../../../../src/domain/tensor/tensor.js';
import { generatorRuntimeContract } from '../../../contracts/generator-runtime.contract.js';
import { tinyGenerator, tinyMetadata } from '../../../support/model/tiny-generator.js';

const tiny = (): Promise<Uint8Array> => onnxModelFormat.encodeGenerator(tinyGenerator(), tinyMetadata);

generatorRuntimeContract('onnxruntime', () => ({
  runtime: createGeneratorRuntime({ digest: sha256 }),
  model: tiny(),
  missingDevice: 'cuda',
}));

describe('onnxruntime', () => {
  it('composes what the reference engine composes from dcgan-a, for any batch', async () => {
    const spec = buildModel('dcgan-a', 1);
    const state = new Map(
      [...initializeParameters([spec.generator], 3)].map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((x) => x * 12) },
      ]),
    );
    const program = generatorProgram(spec, 1, state);
    const noiseShape = spec.generator.inputShape;
    const model = await onnxModelFormat.encodeGenerator(program, {
      ...tinyMetadata,
      noiseShape,
      rollFormat: spec.rollFormat,
    });
    const noise = normals(randomStream(1, 'tests'), 2 * sizeOf(noiseShape));
    const generator = await createGeneratorRuntime({ digest: sha256 }).load(model, 'cpu');
    const got = await generator.generate(noise, 2);
    const reference = await createReferenceEngine().compile(generatorProgram(spec, 2, state));
    const want = (await reference.step(new Map([['noise', { shape: [2, ...noiseShape], data: noise }]]))).get(
      'roll',
    )!.data;
    let maxDifference = 0;
    for (let i = 0; i < want.length; i++) maxDifference = Math.max(maxDifference, Math.abs(want[i]! - got[i]!));
    expect(maxDifference).toBeLessThan(1e-5);
    expect(Math.max(...want) - Math.min(...want)).toBeGreaterThan(0.1); // the values differ
    await generator.release();
  });
});

describe('a large generator', () => {
  it('is rewritten for the processor when it is opened, and draws the same tunes', async () => {
    const spec = buildModel('dcgan-a', 96);
    const [noiseShape, rollFormat] = [spec.generator.inputShape, spec.rollFormat];
    const state = new Map(
      [...initializeParameters([spec.generator], 3)].map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((x) => x * 2) },
      ]),
    );
    const program = generatorProgram(spec, 1, state);
    const model = await onnxModelFormat.encodeGenerator(program, { ...tinyMetadata, noiseShape, rollFormat });
    const opened: number[] = [];
    const open: OpenOrtSession = (each, options) => {
      opened.push(each.length);
      return openOrtSession(each, options);
    };
    const generator = await createGeneratorRuntime({ digest: sha256, openSession: open }).load(model, 'cpu');
    expect(opened).not.toContain(model.length);
    const noise = normals(randomStream(1, 'tests'), 9 * sizeOf(noiseShape));
    const got = await generator.generate(noise, 9);
    const original = await openOrtSession(model, { device: 'cpu', threads: 2 });
    const feeds = new Map([['noise', { shape: [9, ...noiseShape], data: noise }]]);
    const want = (await original.run(feeds, { outputs: ['roll'] })).get('roll')!.data;
    expect(got.reduce((max, value, i) => Math.max(max, Math.abs(value - want[i]!)), 0)).toBeLessThan(1e-5);
    // the values differ
    expect(want.reduce((max, value) => Math.max(max, Math.abs(value - want[0]!)), 0)).toBeGreaterThan(0.1);
    await Promise.all([generator.release(), original.release()]);
  });
});

describe('the threshold inside the model', () => {
  /** A network whose probabilities are its noise. */
  const identityModel = (threshold: number): Promise<Uint8Array> => {
    const noise = input('noise', [1, 1, 2, 8]);
    const metadata = { ...tinyMetadata, noiseShape: [1, 2, 8], threshold };
    const program = {
      name: 'identity',
      feeds: [noise],
      state: [],
      metrics: [{ name: 'roll', node: multiply(noise, 1) }],
    };
    return onnxModelFormat.encodeGenerator(program, metadata);
  };

  it('is as exact as a comparison of doubles, for any threshold and the numbers next to it', async () => {
    const bits = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0]!;
    const float = (bitPattern: number): number => new Float32Array(Uint32Array.of(bitPattern).buffer)[0]!;
    const thresholds = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.1, 0.5, 0.7, 1));
    await fc.assert(
      fc.asyncProperty(thresholds, async (threshold) => {
        const near = Array.from({ length: 16 }, (_, i) => float(Math.max(0, bits(threshold) + i - 8)));
        const generator = await createGeneratorRuntime({ digest: sha256 }).load(await identityModel(threshold), 'cpu');
        const cells = await generator.generateCells(Float32Array.from(near), 1);
        expect([...cells]).toEqual(near.map((probability) => Number(probability >= threshold)));
        await generator.release();
      }),
      { numRuns: 20 },
    );
  });
});

describe('devices', () => {
  /** A fake that opens sessions on the named devices. Each device draws a different roll. */
  const opener =
    (works: readonly string[], opened: string[] = []): OpenOrtSession =>
    async (_model, { device }) => {
      opened.push(device);
      if (!works.includes(device)) throw new UnavailableDeviceError(`no ${device}`);
      const roll = { shape: [1, 1, 2, 8], data: new Float32Array(16).fill(works.indexOf(device)) };
      return {
        outputNames: ['roll'],
        run: async () => new Map([['roll', roll]]),
        runForBytes: () => Promise.reject(new Error('it has no cells')),
        release: async () => undefined,
      };
    };

  it('takes cuda under auto when it is installed and works', async () => {
    const generator = await createGeneratorRuntime({
      digest: sha256,
      openSession: opener(['cpu', 'cuda']),
      hasCuda: () => true,
    }).load(await tiny(), 'auto');
    expect([generator.device, generator.notice]).toEqual(['cuda', '']);
    expect((await generator.generate(new Float32Array(3), 1))[0]).toBe(1);
  });

  it('draws cells also with an older file that gives probabilities only', async () => {
    const draw = async (works: readonly string[]): Promise<number> => {
      const generator = await createGeneratorRuntime({
        digest: sha256,
        openSession: opener(works),
        hasCuda: () => true,
      }).load(await tiny(), 'auto');
      return (await generator.generateCells(new Float32Array(3), 1))[3]!;
    };
    expect([await draw(['cpu']), await draw(['cpu', 'cuda'])]).toEqual([0, 1]);
  });

  it('falls back to the cpu under auto with a notice when cuda does not work', async () => {
    const generator = await createGeneratorRuntime({
      digest: sha256,
      openSession: opener(['cpu']),
      hasCuda: () => true,
    }).load(await tiny(), 'auto');
    expect(generator.device).toBe('cpu');
    expect(generator.notice).toMatch(/cuda.*cpu/);
  });

  it('fails when cuda was chosen by name and does not work', async () => {
    const opened: string[] = [];
    await expect(
      createGeneratorRuntime({ digest: sha256, openSession: opener(['cpu'], opened), hasCuda: () => true }).load(
        await tiny(),
        'cuda',
      ),
    ).rejects.toThrow('no cuda');
    expect(opened).toEqual(['cuda']);
  });

  it('does not try a cuda that is not installed, and says how to install it', async () => {
    const opened: string[] = [];
    const runtime = createGeneratorRuntime({
      digest: sha256,
      openSession: opener(['cpu'], opened),
      hasCuda: () => false,
    });
    await expect(runtime.load(await tiny(), 'cuda')).rejects.toThrow('npm run cuda');
    expect([(await runtime.load(await tiny(), 'auto')).device, opened]).toEqual(['cpu', ['cpu']]);
  });

  it('reports a model that cuda refuses', async () => {
    const refuse: OpenOrtSession = async () => {
      throw new EngineError('the model does not compile');
    };
    await expect(
      createGeneratorRuntime({ digest: sha256, openSession: refuse, hasCuda: () => true }).load(await tiny(), 'auto'),
    ).rejects.toThrow(EngineError);
  });

  it('refuses a network whose rolls have another shape than the metadata say', async () => {
    const generator = await createGeneratorRuntime({ digest: sha256 }).load(
      await onnxModelFormat.encodeGenerator(tinyGenerator(), {
        ...tinyMetadata,
        rollFormat: { ...tinyMetadata.rollFormat, columns: 16 },
      }),
      'cpu',
    );
    await expect(generator.generate(new Float32Array(3), 1)).rejects.toThrow(DamagedFileError);
    await generator.release();
  });
});
