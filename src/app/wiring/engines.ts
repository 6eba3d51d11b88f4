import type { DeviceProbe } from '../../ports/device-probe.js';
import type { EngineRegistry } from '../../ports/engine-registry.js';
import { ENGINE_NAMES, type EngineName } from './engine-names.js';
import { createEngineRegistry, onCpuOnly, type OpenEngine } from './engine-registry.js';

/** How an engine and its device probe are opened. Each loads its adapter when called. */
interface EngineAdapter {
  readonly open: OpenEngine;
  readonly probe: () => Promise<DeviceProbe>;
}

const loadRunScript = async () => (await import('../../adapters/node-platform/run-probe-script.js')).runProbeScript;

async function openOnnxruntimeProbe(): Promise<DeviceProbe> {
  const { onnxruntimeDeviceProbe } = await import('../../adapters/onnx/session/device-probe.js');
  return onnxruntimeDeviceProbe(await loadRunScript());
}

const ENGINES: Readonly<Record<EngineName, EngineAdapter>> = {
  onnxruntime: {
    open: async (request) => {
      const { openOnnxruntimeEngine } = await import('../../adapters/onnx/session/onnxruntime-engine.js');
      return openOnnxruntimeEngine(request, await openOnnxruntimeProbe());
    },
    probe: openOnnxruntimeProbe,
  },
  tfjs: {
    open: async (request) => (await import('../../adapters/tfjs/tfjs-engine.js')).openTfjsEngine(request),
    probe: async () => (await import('../../adapters/tfjs/device-probe.js')).tfjsDeviceProbe(await loadRunScript()),
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
