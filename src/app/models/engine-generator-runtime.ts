import { DamagedFileError, ShapeError } from '../../domain/errors.js';
import { GENERATOR_TENSORS } from '../../domain/model/generator-program.js';
import { thresholdRoll } from '../../domain/roll/piano-roll.js';
import { rollShape } from '../../domain/roll/roll-format.js';
import { sameShape, shapeText, sizeOf } from '../../domain/tensor/tensor.js';
import type { EngineRegistry } from '../../ports/engine-registry.js';
import type { GeneratorRuntime } from '../../ports/generator-runtime.js';
import type { ModelFormat } from '../../ports/model-format.js';

interface EngineGeneratorRuntimePorts {
  readonly modelFormat: ModelFormat;
  /** The first engine runs the generators. */
  readonly engines: EngineRegistry;
}

/** Runs generators on any tensor engine, one tune after the other, where no ONNX runtime can be had. */
export const createEngineGeneratorRuntime = ({
  modelFormat,
  engines,
}: EngineGeneratorRuntimePorts): GeneratorRuntime => ({
  async load(model, device) {
    const metadata = await modelFormat.readMetadata(model);
    const program = await modelFormat.readGenerator(model);
    const { rollFormat, noiseShape, threshold } = metadata;
    checkRollShape(program.metrics[0]?.node.shape, [1, ...rollShape(rollFormat)]);
    const { engine, notice } = await engines.open({ name: engines.names[0]!, device, threads: 1 });
    const compiled = await engine.compile(program);
    const noiseSize = sizeOf(noiseShape);
    const rollSize = sizeOf(rollShape(rollFormat));

    const generate = async (noise: Float32Array, count: number): Promise<Float32Array> => {
      if (noise.length !== count * noiseSize) {
        throw new ShapeError('the generator', [[noise.length]], `${count * noiseSize} numbers of noise`);
      }
      const probabilities = new Float32Array(count * rollSize);
      for (let tune = 0; tune < count; tune++) {
        const data = noise.slice(tune * noiseSize, (tune + 1) * noiseSize);
        const feeds = new Map([[GENERATOR_TENSORS.noise, { shape: [1, ...noiseShape], data }]]);
        const roll = (await compiled.step(feeds)).get(GENERATOR_TENSORS.roll)!;
        probabilities.set(roll.data, tune * rollSize);
      }
      return probabilities;
    };
    return {
      metadata,
      device: engine.device,
      notice,
      generate,
      generateCells: async (noise, count) => thresholdRoll(await generate(noise, count), rollFormat, threshold).cells,
      release: () => compiled.release(),
    };
  },
});

function checkRollShape(got: readonly number[] | undefined, want: readonly number[]): void {
  if (got !== undefined && sameShape(got, want)) return;
  const given = got === undefined ? 'none' : shapeText(got);
  throw new DamagedFileError(`its metadata promise rolls of ${shapeText(want)}, its network gives ${given}`);
}
