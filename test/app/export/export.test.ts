import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/adapters/node-platform/sha256.js';
import { createGeneratorRuntime } from '../../../src/adapters/onnx/session/generator-runtime.js';
import { onnxModelFormat } from '../../support/onnx-model-format.js';
import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import { createEngineRegistry, onCpuOnly } from '../../../src/app/wiring/engine-registry.js';
import { describeExport } from '../../../src/app/export/describe.js';
import { EXPORT_TOLERANCE, createExport, type ExportRequest } from '../../../src/app/export/export.js';
import {
  AlreadyExistsError,
  DamagedFileError,
  EngineError,
  FileAccessError,
  UnfedInputError,
} from '../../../src/domain/errors.js';
import { dcganA } from '../../../src/domain/model/catalogue/dcgan-a.js';
import { DEFAULT_ROLL_FORMAT } from '../../../src/domain/roll/roll-format.js';
import { initialState } from '../../../src/domain/training/training-program.js';
import type { GeneratorRuntime } from '../../../src/ports/generator-runtime.js';
import { describePrecisionLoss } from '../../../src/app/models/describe.js';
import { normals, randomStream } from '../../../src/domain/random.js';
import { createFakeRunStore } from '../../support/fakes/fake-run-store.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { recordingConsole } from '../../support/fakes/recording-console.js';
import { configuration } from '../../support/run-fixtures.js';

const REQUEST: ExportRequest = {
  run: 'run',
  out: undefined,
  replace: false,
  stepProgram: false,
  precision: 'fp32',
  licence: undefined,
  checkpoint: 'newest',
};

/** A run of dcgan-a, depth 1, with checkpoints after steps 2 and 5. */
async function exportSetUp(runtime: GeneratorRuntime = createGeneratorRuntime({ digest: sha256 })) {
  const [runs, files, console] = [createFakeRunStore(), createMemoryFileStore(), recordingConsole()];
  const model = { architecture: 'dcgan-a', depth: 1 };
  const run = await runs.create('run', { ...configuration, model }, { replace: false });
  for (const step of [2, 5]) {
    await run.saveCheckpoint({ step, model, state: initialState(dcganA.build(1), step) }, new Set([2]));
  }
  await run.close();
  const engines = createEngineRegistry({ reference: onCpuOnly(createReferenceEngine) });
  const exportWithPorts = createExport({ runs, files, modelFormat: onnxModelFormat, runtime, engines, console });
  const runExport = (changes: Partial<ExportRequest> = {}) => exportWithPorts({ ...REQUEST, ...changes });
  return { runExport, files, console, kept: runs.runs.get('run')! };
}

/** A runtime that adds `by` to each probability. */
const wrongBy = (by: number): GeneratorRuntime => ({
  load: async (model, device) => {
    const generator = await createGeneratorRuntime({ digest: sha256 }).load(model, device);
    return {
      ...generator,
      generate: async (noise, count) => (await generator.generate(noise, count)).map((p) => p + by),
    };
  },
});

describe('export', () => {
  it('checks the generator of the newest checkpoint, writes it into the run’s folder and describes it', async () => {
    const { runExport, kept } = await exportSetUp();
    const result = await runExport({ licence: 'CC0-1.0' });
    expect(result).toMatchObject({
      kind: 'generator',
      path: 'run/model.onnx',
      architecture: 'dcgan-a',
      depth: 1,
      step: 5,
    });
    expect(result.largestError).toBeLessThanOrEqual(EXPORT_TOLERANCE);
    expect(result.bytes).toBe(kept.model!.length);
    expect(await onnxModelFormat.readMetadata(kept.model!)).toEqual({
      version: 1,
      architecture: 'dcgan-a',
      depth: 1,
      noiseShape: [7, 2, 8],
      rollFormat: DEFAULT_ROLL_FORMAT,
      threshold: dcganA.threshold,
      training: {
        origin: 'a test',
        datasetDigest: 'ab'.repeat(32),
        rolls: 40,
        seed: 7,
        batch: 16,
        steps: 5,
        epochs: 2,
      },
      licence: 'CC0-1.0',
    });
    expect(describeExport(result).join('\n')).toMatch(
      /run\/model\.onnx.*after step 5[^]*apollo compose --model run\/model\.onnx/,
    );
  });

  it.each(['fp16', 'int8'] as const)(
    'writes weights in %s to a second file and reports how many cells of tunes change',
    async (precision) => {
      const { runExport, kept } = await exportSetUp();
      await runExport();
      const result = await runExport({ precision });
      expect(result.path).toBe(`run/model-${precision}.onnx`);
      const small = kept.smallModels.get(precision)!;
      expect(result.bytes).toBe(small.length);
      const loss = result.precision!;
      expect((await onnxModelFormat.readMetadata(small)).precision).toEqual(loss);
      expect(describeExport(result).join('\n')).toContain(describePrecisionLoss(loss));
      // Count the same cells again, from the two files.
      const generators = await Promise.all(
        [kept.model!, small].map((model) => createGeneratorRuntime({ digest: sha256 }).load(model, 'cpu')),
      );
      let [changed, sounding] = [0, 0];
      for (let tune = 0; tune < loss.tunes; tune++) {
        const noise = normals(randomStream(1, 'precision', tune), 7 * 2 * 8);
        const [a, b] = await Promise.all(generators.map((generator) => generator.generateCells(noise, 1)));
        changed += a!.filter((cell, i) => cell !== b![i]).length;
        sounding += a!.filter((cell) => cell === 1).length;
      }
      await Promise.all(generators.map((generator) => generator.release()));
      expect(loss).toMatchObject({ weights: precision, tunes: 64, cells: 64 * 64 * 256, sounding, changed });
      expect(loss.largestError).toBeGreaterThan(0);
      expect(loss.mostInATune).toBeLessThanOrEqual(changed);
      expect(small.length).toBeLessThan(kept.model!.length);
    },
  );

  it('exports the checkpoint after a given step, or the best one', async () => {
    const { runExport, kept } = await exportSetUp();
    const stepsOf = async () => (await onnxModelFormat.readMetadata(kept.model!)).training.steps;
    expect((await runExport({ checkpoint: 2 })).step).toBe(2);
    expect(await stepsOf()).toBe(2);
    await expect(runExport({ checkpoint: 3 })).rejects.toThrow(/no checkpoint of step 3; there are those of step 2, 5/);
    await expect(runExport({ checkpoint: 'best' })).rejects.toThrow(/no best checkpoint/);
    const sampled = (step: number, distance: number) => ({ step, epoch: 1, 'distance.frechet': distance });
    // The checkpoint of step 1 was not kept.
    kept.log = [sampled(1, 3), sampled(2, 8), { step: 3, epoch: 1 }, sampled(5, 9)];
    expect((await runExport({ checkpoint: 'best' })).step).toBe(2);
    expect(await stepsOf()).toBe(2);
    kept.damaged.add(2);
    await expect(runExport({ checkpoint: 'best' })).rejects.toThrow(DamagedFileError);
  });

  it('writes the same bytes for the same checkpoint', async () => {
    const { runExport, kept } = await exportSetUp();
    await runExport();
    const first = kept.model!;
    await runExport();
    expect(Buffer.from(kept.model!).equals(Buffer.from(first))).toBe(true);
  });

  it('skips a damaged checkpoint with a warning, and fails if all are damaged or there is none', async () => {
    const { runExport, kept, console } = await exportSetUp();
    kept.damaged.add(5);
    expect((await runExport()).step).toBe(2);
    expect(console.lines.join()).toContain('warning: skipped a damaged checkpoint');
    kept.damaged.add(2);
    await expect(runExport()).rejects.toThrow(DamagedFileError);
    kept.checkpoints.clear();
    await expect(runExport()).rejects.toThrow(FileAccessError);
    await expect(runExport()).rejects.toThrow('has no checkpoint yet');
  });

  it('writes nothing if the output of the file differs from the reference engine', async () => {
    for (const by of [2e-5, NaN]) {
      const { runExport, kept } = await exportSetUp(wrongBy(by));
      await expect(runExport()).rejects.toThrow(EngineError);
      expect(kept.model).toBeUndefined();
    }
  });

  it('refuses a checkpoint without the network’s weights', async () => {
    const { runExport, kept } = await exportSetUp();
    const { state, ...rest } = kept.checkpoints.get(5)!;
    const without = new Map([...state].filter(([name]) => name !== 'generator.2.conv.weight'));
    kept.checkpoints.set(5, { ...rest, state: without });
    await expect(runExport()).rejects.toThrow(new UnfedInputError('generator.2.conv.weight'));
  });

  it('writes to `out`, and replaces a file there only with `replace`', async () => {
    const { runExport, files, kept } = await exportSetUp();
    expect((await runExport({ out: 'out/mine.onnx' })).path).toBe('out/mine.onnx');
    const written = files.files.get('out/mine.onnx')!;
    expect((await onnxModelFormat.readMetadata(written)).training.steps).toBe(5);
    expect(kept.model).toBeUndefined();
    await expect(runExport({ out: 'out/mine.onnx' })).rejects.toThrow(AlreadyExistsError);
    await runExport({ out: 'out/mine.onnx', replace: true });
  });

  it('writes the training step, which cannot be read as a generator', async () => {
    const { runExport, files, kept } = await exportSetUp();
    const result = await runExport({ stepProgram: true });
    expect(result).toEqual({
      kind: 'step',
      path: 'run/step.onnx',
      bytes: expect.any(Number),
      architecture: 'dcgan-a',
      depth: 1,
    });
    const bytes = files.files.get('run/step.onnx')!;
    expect(Buffer.from(bytes).includes('"generator.1.conv.weight"')).toBe(true);
    await expect(onnxModelFormat.readMetadata(bytes)).rejects.toThrow(DamagedFileError);
    expect(kept.model).toBeUndefined();
    expect(describeExport(result)[0]).toContain('the training step of dcgan-a');
  });
});
