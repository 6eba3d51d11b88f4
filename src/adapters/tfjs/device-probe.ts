import type { DeviceProbe, DeviceTrial, RunProbeScript } from '../../ports/device-probe.js';
import {
  DEVICE_PACKAGES,
  findTfjs,
  INSTALL_COMMANDS,
  TFJS_DEVICES,
  TFJS_VERSION,
  type PackageSearchResult,
  type TfjsDevice,
} from './tfjs-library.js';

interface TfjsProbeOptions {
  /** Milliseconds after which a device counts as not working. */
  readonly timeoutMs?: number;
  /** Finds the files of the packages; by default the installed ones. */
  readonly find?: (device: TfjsDevice) => PackageSearchResult;
}

/** Tries each device of tfjs in a process of its own: native libraries print, and only one fits into a process. */
export function tfjsDeviceProbe(
  runScript: RunProbeScript,
  { timeoutMs = 60_000, find = findTfjs }: TfjsProbeOptions = {},
): DeviceProbe {
  return {
    engine: 'tfjs',
    devices: TFJS_DEVICES,
    async attempt(name) {
      const device = TFJS_DEVICES.find((known) => known === name);
      if (device === undefined) return { device: name, works: false, reason: 'tfjs has no such device' };
      const found = find(device);
      if (!('files' in found))
        return { device, works: false, ...found, remedy: withRequirements(device, found.remedy) };
      const problem = await runScript(
        CHILD_SCRIPT,
        [DEVICE_PACKAGES[device].backend, device, ...found.files],
        timeoutMs,
      );
      return problem === undefined ? { device, works: true } : explain(device, problem);
    },
  };
}

const CHILD_SCRIPT = `
  process.env.TF_CPP_MIN_LOG_LEVEL = '3';
  const [backend, device, main, core = main] = process.argv.slice(1);
  (async () => {
    const tf = require(core);
    if (main !== core) require(main);
    tf.enableProdMode();
    if (!(await tf.setBackend(backend))) throw new Error('its backend does not start');
    if (device === 'gpu' && !tf.backend().isUsingGpuDevice) throw new Error('it finds no GPU');
    console.log('RESULT ' + tf.add(tf.tensor([21]), 21).dataSync()[0]);
  })().catch((error) => console.log('PROBLEM ' + String(error && error.message).split('\\n')[0]));
`;

function explain(device: TfjsDevice, problem: string): DeviceTrial {
  const unbuilt = /native addon module|Cannot find module|libtensorflow/.test(problem);
  const reason = unbuilt ? 'its native library is not there or cannot be loaded' : problem;
  return { device, works: false, reason, remedy: withRequirements(device, INSTALL_COMMANDS[device]) };
}

const withRequirements = (device: TfjsDevice, remedy: string): string =>
  device === 'gpu' && remedy === INSTALL_COMMANDS.gpu
    ? `${remedy} (needs an NVIDIA card with CUDA 11.2 and cuDNN 8.1, which tfjs-node-gpu ${TFJS_VERSION} was built ` +
      'for, and Node.js below 23)'
    : remedy;
