import { createRequire } from 'node:module';
import type { DeviceProbe, DeviceTrial, RunProbeScript } from '../../../ports/device-probe.js';

interface DeviceProbeOptions {
  /** Milliseconds after which a device counts as not working. */
  readonly timeout?: number;
  /** Path of the library's main file; by default the installed one. */
  readonly library?: string;
}

/** Tries each device of onnxruntime in a child process, since the native library may print, hang or crash. */
export function onnxruntimeDeviceProbe(
  runScript: RunProbeScript,
  { timeout = 30_000, library }: DeviceProbeOptions = {},
): DeviceProbe {
  return {
    engine: 'onnxruntime',
    devices: DEVICES,
    async attempt(device) {
      if (!DEVICES.includes(device)) return { device, works: false, reason: 'onnxruntime has no such device' };
      const main = library ?? findLibrary();
      if (main === undefined) {
        return { device, works: false, reason: 'the package onnxruntime-node is not installed', remedy: 'npm ci' };
      }
      const problem = await runScript(CHILD_SCRIPT, [main, device, DOUBLING_MODEL], timeout);
      return problem === undefined ? { device, works: true } : explainFailure(device, problem);
    },
  };
}

const DEVICES: readonly string[] = ['cpu', 'cuda', 'webgpu'];

/** y = x + x, as an ONNX file. */
const DOUBLING_MODEL = 'CAg6OgoOCgF4CgF4EgF5IgNBZGQSBmRvdWJsZVoPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCAhAR';

const CHILD_SCRIPT = `
  const [library, device, model] = process.argv.slice(1);
  const ort = require(library);
  ort.InferenceSession.create(Buffer.from(model, 'base64'), { executionProviders: [device], logSeverityLevel: 4 })
    .then((session) => session.run({ x: new ort.Tensor('float32', [21], [1]) }))
    .then(({ y }) => console.log('RESULT ' + y.data[0]), (error) => console.log('PROBLEM ' + error.message));
`;

function explainFailure(device: string, problem: string): DeviceTrial {
  if (device === 'webgpu') return explainWebgpu(problem);
  if (device !== 'cuda') return { device, works: false, reason: problem, remedy: 'npm ci' };
  // The library has CUDA builds for these platforms only, see its script/install.js.
  if (process.arch !== 'x64' || !['linux', 'win32'].includes(process.platform)) {
    return { device, works: false, reason: `onnxruntime has no CUDA for ${process.platform} ${process.arch}` };
  }
  const reason = /Failed to load (shared )?library/.test(problem)
    ? "onnxruntime's CUDA libraries are not installed, or CUDA 12 and cuDNN 9 beneath them"
    : problem;
  return { device, works: false, reason, remedy: CUDA_REMEDY };
}

/** The package contains the provider. It may lack a GPU that the system's graphics library supports. */
function explainWebgpu(problem: string): DeviceTrial {
  const reason = /adapter|Vulkan|WebGPU/i.test(problem) ? 'it finds no GPU with a driver it accepts' : problem;
  const trial = { device: 'webgpu', works: false, reason } as const;
  return process.platform === 'linux' ? { ...trial, remedy: WEBGPU_REMEDY } : trial;
}

const WEBGPU_REMEDY =
  'apt-get install libvulkan1 mesa-vulkan-drivers ' +
  '(Debian and Ubuntu; needs a GPU; for an NVIDIA card install its own driver instead of mesa)';

const CUDA_REMEDY = 'npm run cuda (needs an NVIDIA card with its driver, CUDA 12 and cuDNN 9)';

function findLibrary(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('onnxruntime-node');
  } catch {
    return undefined;
  }
}
