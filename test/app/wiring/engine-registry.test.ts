import { describe, expect, it } from '@jest/globals';
import {
  createOnnxruntimeEngine,
  openOnnxruntimeEngine,
} from '../../../src/adapters/onnx/session/onnxruntime-engine.js';
import type { OpenOrtSession } from '../../../src/adapters/onnx/session/ort-session.js';
import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import { buildContainer } from '../../../src/app/wiring/build-container.js';
import { createEngineRegistry, onCpuOnly } from '../../../src/app/wiring/engine-registry.js';
import { UnavailableDeviceError } from '../../../src/domain/errors.js';
import type { EngineRegistry } from '../../../src/ports/engine-registry.js';
import { engineRegistryContract } from '../../contracts/engine-registry.contract.js';
import { mixingEngine } from '../../support/fakes/mixing-engine.js';
import { scriptedDeviceProbe } from '../../support/fakes/scripted-device-probe.js';

engineRegistryContract(
  'the one of the program',
  async () => {
    const container = await buildContainer({
      root: process.cwd(),
      quiet: true,
      terminal: process.stdout,
      color: false,
      onSignal: () => undefined,
    });
    return container.getAsync<EngineRegistry>('engines');
  },
  { onnxruntime: 'cpu', reference: 'cpu' },
);
engineRegistryContract('of fakes', () => createEngineRegistry({ mixing: onCpuOnly(() => mixingEngine) }), {
  mixing: 'cpu',
});

describe('onnxruntime on cuda, with a stand-in for the library (not run on a GPU)', () => {
  /** Gives sessions on the devices named, and refuses others as the library does. */
  const only =
    (...devices: readonly string[]): OpenOrtSession =>
    async (_model, { device }) => {
      if (!devices.includes(device))
        throw new UnavailableDeviceError(`onnxruntime has no device "${device}" on this machine`);
      return {
        outputNames: [],
        run: async () => new Map(),
        runForBytes: () => Promise.reject(new Error('nothing')),
        release: async () => undefined,
      };
    };
  const opened = (device: string, open: OpenOrtSession, installed: boolean) =>
    openOnnxruntimeEngine({ device, threads: 1 }, scriptedDeviceProbe('onnxruntime', []), open, () => installed);

  it('auto takes cuda where it works, and says nothing', async () => {
    const { engine, notice } = await opened('auto', only('cuda', 'cpu'), true);
    expect([engine.device, notice]).toEqual(['cuda', '']);
  });

  it('auto takes the cpu with a sentence where cuda is installed and does not work', async () => {
    const { engine, notice } = await opened('auto', only('cpu'), true);
    expect(engine.device).toBe('cpu');
    expect(notice).toMatch(/cuda is installed but does not work/);
  });

  it('auto does not touch cuda where it is not installed', async () => {
    const { engine, notice } = await opened('auto', only('cuda', 'cpu'), false);
    expect([engine.device, notice]).toEqual(['cpu', '']);
  });

  it('fails with a sentence where cuda is asked for by name and cannot be had', async () => {
    await expect(opened('cuda', only('cpu'), true)).rejects.toThrow(UnavailableDeviceError);
    await expect(opened('cuda', only('cuda', 'cpu'), false)).rejects.toThrow(/run `npm run cuda`/);
  });
});

it('engines say who they are', () => {
  expect(createOnnxruntimeEngine({ device: 'cpu', threads: 1 })).toMatchObject({ name: 'onnxruntime', device: 'cpu' });
  expect(createReferenceEngine()).toMatchObject({ name: 'reference', device: 'cpu' });
});
