import { describe, expect, it } from '@jest/globals';
import { createTfjsEngine, openTfjsEngine } from '../../../src/adapters/tfjs/tfjs-engine.js';
import { loadTfjs } from '../../../src/adapters/tfjs/tfjs-library.js';
import { UnavailableDeviceError } from '../../../src/domain/errors.js';
import { tensorEngineContract } from '../../contracts/tensor-engine.contract.js';
import { tfjsLeakTests } from '../../support/tensor/leak-tests.js';
import { penaltyFeeds, penaltyProgram, penaltyState } from '../../support/tensor/penalty-program.js';

const [wasm, js] = [await loadTfjs('wasm', 1), await loadTfjs('js', 1)];

tensorEngineContract('tfjs, wasm', () => createTfjsEngine(wasm, 'wasm'));
tensorEngineContract('tfjs, js', () => createTfjsEngine(js, 'js'));

tfjsLeakTests('wasm', wasm, createTfjsEngine(wasm, 'wasm'));
tfjsLeakTests('js', js, createTfjsEngine(js, 'js'));

describe('devices of tfjs', () => {
  it('opens the one asked for', async () => {
    for (const device of ['wasm', 'js']) {
      const { engine, notice } = await openTfjsEngine({ device, threads: 1 });
      expect({ name: engine.name, device: engine.device, notice }).toEqual({ name: 'tfjs', device, notice: '' });
    }
  });

  it('opens a real one for auto', async () => {
    const { engine } = await openTfjsEngine({ device: 'auto', threads: 1 });
    expect(['gpu', 'cpu', 'wasm', 'js']).toContain(engine.device);
  });

  it('says which there are when asked for another', async () => {
    const opening = openTfjsEngine({ device: 'cuda', threads: 1 });
    await expect(opening).rejects.toThrow(
      new UnavailableDeviceError('tfjs has no device "cuda"; use auto, gpu, cpu, wasm, js'),
    );
  });

  it('says how to get one that is not installed', async () => {
    const opening = openTfjsEngine({ device: 'gpu', threads: 1 });
    await expect(opening).rejects.toThrow(UnavailableDeviceError);
    await expect(opening).rejects.toThrow(/npm install --no-save @tensorflow\/tfjs-node-gpu@4\.22\.0|Node\.js 23/);
  });

  it('two of them in one process keep to their own state', async () => {
    const programs = await Promise.all(
      [createTfjsEngine(wasm, 'wasm'), createTfjsEngine(js, 'js')].map((engine) => engine.compile(penaltyProgram())),
    );
    const losses: number[][] = [[], []];
    for (const program of programs) await program.load(penaltyState());
    for (let step = 0; step < 3; step++) {
      for (const [i, program] of programs.entries()) {
        losses[i]!.push((await program.step(penaltyFeeds(step))).get('loss')!.data[0]!);
      }
    }
    losses[0]!.forEach((loss, step) => expect(loss / losses[1]![step]!).toBeCloseTo(1, 4));
    await Promise.all(programs.map((program) => program.release()));
  });
});
