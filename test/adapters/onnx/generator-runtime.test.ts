import { describe, expect, it } from '@jest/globals';
import { makeGeneratorRuntime } from '../../../src/adapters/onnx/generator-runtime.js';
import { onnxModelFormat } from '../../../src/adapters/onnx/model-format.js';
import type { OpenOrtSession } from '../../../src/adapters/onnx/ort-session.js';
import { makeReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import { DamagedFileError, EngineError, UnavailableDeviceError } from '../../../src/domain/errors.js';
import { buildModel } from '../../../src/domain/model/catalogue/catalogue.js';
import { generatorProgram } from '../../../src/domain/model/generator-program.js';
import { initialise } from '../../../src/domain/model/parameters.js';
import { normals, randomStream } from '../../../src/domain/random.js';
import { sizeOf } from '../../../src/domain/tensor/tensor.js';
import { generatorRuntimeContract } from '../../contracts/generator-runtime.contract.js';
import { tinyGenerator, tinyMetadata } from '../../support/model/tiny-generator.js';

const tiny = (): Uint8Array => onnxModelFormat.encodeGenerator(tinyGenerator(), tinyMetadata);

generatorRuntimeContract('onnxruntime', () => ({
  runtime: makeGeneratorRuntime(),
  model: tiny(),
  missingDevice: 'cuda',
}));

describe('onnxruntime', () => {
  it('composes what the reference engine composes from dcgan-a, for any batch', async () => {
    const spec = buildModel('dcgan-a', 1);
    const state = new Map(
      [...initialise([spec.generator], 3)].map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((x) => x * 12) },
      ]),
    );
    const program = generatorProgram(spec, 1, state);
    const noiseShape = spec.generator.inputShape;
    const model = onnxModelFormat.encodeGenerator(program, {
      ...tinyMetadata,
      noiseShape,
      rollFormat: spec.rollFormat,
    });
    const noise = normals(randomStream(1, 'tests'), 2 * sizeOf(noiseShape));
    const generator = await makeGeneratorRuntime().load(model, 'cpu');
    const got = await generator.generate(noise, 2);
    const judge = await makeReferenceEngine().compile(generatorProgram(spec, 2, state));
    const want = (await judge.step(new Map([['noise', { shape: [2, ...noiseShape], data: noise }]]))).get('roll')!.data;
    let worst = 0;
    for (let i = 0; i < want.length; i++) worst = Math.max(worst, Math.abs(want[i]! - got[i]!));
    expect(worst).toBeLessThan(1e-5);
    expect(Math.max(...want) - Math.min(...want)).toBeGreaterThan(0.1); // not all the same
    await generator.release();
  });
});

describe('devices', () => {
  /** Opens sessions on the devices named and gives each a roll of its own. */
  const opener =
    (works: readonly string[], opened: string[] = []): OpenOrtSession =>
    async (_model, { device }) => {
      opened.push(device);
      if (!works.includes(device)) throw new UnavailableDeviceError(`no ${device}`);
      const roll = { shape: [1, 1, 2, 8], data: new Float32Array(16).fill(works.indexOf(device)) };
      return { run: async () => new Map([['roll', roll]]), release: async () => undefined };
    };

  it('takes cuda under auto when it is installed and works', async () => {
    const generator = await makeGeneratorRuntime(opener(['cpu', 'cuda']), () => true).load(tiny(), 'auto');
    expect([generator.device, generator.notice]).toEqual(['cuda', '']);
    expect((await generator.generate(new Float32Array(3), 1))[0]).toBe(1);
  });

  it('falls back to the cpu under auto with a sentence when cuda does not work', async () => {
    const generator = await makeGeneratorRuntime(opener(['cpu']), () => true).load(tiny(), 'auto');
    expect(generator.device).toBe('cpu');
    expect(generator.notice).toMatch(/cuda.*cpu/);
  });

  it('fails by name when cuda does not work', async () => {
    const opened: string[] = [];
    await expect(makeGeneratorRuntime(opener(['cpu'], opened), () => true).load(tiny(), 'cuda')).rejects.toThrow(
      'no cuda',
    );
    expect(opened).toEqual(['cuda']);
  });

  it('does not try a cuda that is not installed, and says how to get it', async () => {
    const opened: string[] = [];
    const runtime = makeGeneratorRuntime(opener(['cpu'], opened), () => false);
    await expect(runtime.load(tiny(), 'cuda')).rejects.toThrow('npm run cuda');
    expect([(await runtime.load(tiny(), 'auto')).device, opened]).toEqual(['cpu', ['cpu']]);
  });

  it('does not hide a model that cuda refuses', async () => {
    const refuse: OpenOrtSession = async () => {
      throw new EngineError('the model does not compile');
    };
    await expect(makeGeneratorRuntime(refuse, () => true).load(tiny(), 'auto')).rejects.toThrow(EngineError);
  });

  it('refuses a network that does not give what the metadata promise', async () => {
    const generator = await makeGeneratorRuntime().load(
      onnxModelFormat.encodeGenerator(tinyGenerator(), {
        ...tinyMetadata,
        rollFormat: { ...tinyMetadata.rollFormat, columns: 16 },
      }),
      'cpu',
    );
    await expect(generator.generate(new Float32Array(3), 1)).rejects.toThrow(DamagedFileError);
    await generator.release();
  });
});
