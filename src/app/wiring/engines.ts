import type { DeviceProbe } from '../../ports/device-probe.js';
import type { EngineRegistry } from '../../ports/engine-registry.js';
import { ENGINE_NAMES, type EngineName } from './engine-names.js';
import { createEngineRegistry, onCpuOnly, type OpenEngine } from './engine-registry.js';

/** One engine: how it is opened, and what finds out on which devices it runs here. Each loads its adapter when called. */
interface EngineAdapter {
  readonly open: OpenEngine;
  readonly probe: () => Promise<DeviceProbe>;
}

const ENGINES: Readonly<Record<EngineName, EngineAdapter>> = {
  onnxruntime: {
    open: async (request) =>
      (await import('../../adapters/onnx/session/onnxruntime-engine.js')).openOnnxruntimeEngine(request),
    probe: async () => (await import('../../adapters/onnx/session/device-probe.js')).onnxruntimeDeviceProbe(),
  },
  tfjs: {
    open: async (request) => (await import('../../adapters/tfjs/tfjs-engine.js')).openTfjsEngine(request),
    probe: async () => (await import('../../adapters/tfjs/device-probe.js')).tfjsDeviceProbe(),
  },
  reference: {
    open: async (request) => {
      const { createReferenceEngine } = await import('../../adapters/reference/reference-engine.js');
      const { yieldToEventLoop } = await import('../../adapters/node-platform/yield-to-event-loop.js');
      return onCpuOnly(() => createReferenceEngine(yieldToEventLoop))(request);
    },
    probe: async () => (await import('../../adapters/reference/device-probe.js')).referenceDeviceProbe,
  },
};

export const openEngineRegistry = (): EngineRegistry =>
  createEngineRegistry(Object.fromEntries(ENGINE_NAMES.map((name) => [name, ENGINES[name].open])));

/** A probe for each engine, in the order of their names. */
export const openDeviceProbes = (): Promise<readonly DeviceProbe[]> =>
  Promise.all(ENGINE_NAMES.map((name) => ENGINES[name].probe()));
