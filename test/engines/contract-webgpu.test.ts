import { describe, expect, it } from '@jest/globals';
import { onnxruntimeDeviceProbe } from '../../src/adapters/onnx/session/device-probe.js';
import { createWebgpuEngine, openWebgpuEngine } from '../../src/adapters/onnx/session/webgpu-engine.js';
import { deviceProbeContract } from '../contracts/device-probe.contract.js';
import { tensorEngineContract } from '../contracts/tensor-engine.contract.js';
import { runProbeScript } from '../../src/adapters/node-platform/run-probe-script.js';

// Without a GPU: VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json, from the packages chromium and libvulkan1.
tensorEngineContract('onnxruntime, webgpu', () => createWebgpuEngine());
deviceProbeContract('onnxruntime with a GPU', () => onnxruntimeDeviceProbe(runProbeScript), 'webgpu');

describe('webgpu', () => {
  it('opens after a trial', async () => {
    expect(await openWebgpuEngine(onnxruntimeDeviceProbe(runProbeScript))).toMatchObject({
      name: 'onnxruntime',
      device: 'webgpu',
    });
  });
});
