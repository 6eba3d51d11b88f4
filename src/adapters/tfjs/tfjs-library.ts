import { createRequire } from 'node:module';
import type * as core from '@tensorflow/tfjs-core';
import { UnavailableDeviceError } from '../../domain/errors.js';

export type Tfjs = typeof core;

/** tfjs's version that Apollo is tried with: the newest, of 2024. */
export const TFJS_VERSION = '4.22.0';

export const TFJS_DEVICES = ['gpu', 'cpu', 'wasm', 'js'] as const;
export type TfjsDevice = (typeof TFJS_DEVICES)[number];

interface DevicePackages {
  /** The one that computes, then tfjs's core where the first does not bring it along, then what that one needs. */
  readonly packages: readonly string[];
  /** The name of the packages' backend in tfjs. */
  readonly backend: string;
}

export const DEVICE_PACKAGES: { readonly [D in TfjsDevice]: DevicePackages } = {
  gpu: { packages: ['@tensorflow/tfjs-node-gpu'], backend: 'tensorflow' },
  cpu: { packages: ['@tensorflow/tfjs-node'], backend: 'tensorflow' },
  wasm: {
    packages: ['@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'],
    backend: 'wasm',
  },
  js: { packages: ['@tensorflow/tfjs-backend-cpu', '@tensorflow/tfjs-core'], backend: 'cpu' },
};

/** The one command that installs a device's packages; none of them is needed for anything else. */
export const INSTALL_COMMANDS: { readonly [D in TfjsDevice]: string } = {
  gpu: installCommand('gpu'),
  cpu: `${installCommand('cpu')}, or where its download fails: scripts/build-tfjs-node.sh LIBTENSORFLOW_DIR`,
  wasm: installCommand('wasm'),
  js: installCommand('js'),
};

/** From this version of Node.js on tfjs-node 4.22 fails: it calls util.isNullOrUndefined, which is gone. */
const FIRST_NODE_WITHOUT_TFJS_NODE = 23;

/** Files of a device's packages, in the order of DEVICE_PACKAGES; or the reason why there are none, in one line. */
export type PackageSearchResult =
  { readonly files: readonly string[] } | { readonly reason: string; readonly remedy: string };

/** Looks without loading anything: beside Apollo, then in the folders of NODE_PATH. */
export function findTfjs(device: TfjsDevice, nodeVersion = process.versions.node): PackageSearchResult {
  const native = DEVICE_PACKAGES[device].backend === 'tensorflow';
  if (native && Number.parseInt(nodeVersion) >= FIRST_NODE_WITHOUT_TFJS_NODE) {
    const name = DEVICE_PACKAGES[device].packages[0]!;
    const limit = `Node.js ${FIRST_NODE_WITHOUT_TFJS_NODE} and later`;
    const reason = `${name} ${TFJS_VERSION} fails on ${limit}, this is ${nodeVersion}`;
    return { reason, remedy: 'use Node.js 20 or 22' };
  }
  const files: string[] = [];
  for (const name of DEVICE_PACKAGES[device].packages) {
    try {
      files.push(requireModule.resolve(name));
    } catch {
      return { reason: `the package ${name} is not installed`, remedy: INSTALL_COMMANDS[device] };
    }
  }
  return { files };
}

/**
 * Loads a device's packages. tfjs is one per process: a later device of it is loaded beside the first.
 * @throws UnavailableDeviceError when they are not there or do not work here
 */
export async function loadTfjs(device: TfjsDevice, threads: number): Promise<Tfjs> {
  const found = findTfjs(device);
  if (!('files' in found)) {
    throw new UnavailableDeviceError(
      `tfjs has no device "${device}" here: ${found.reason}; to get it: ${found.remedy}`,
    );
  }
  // Read by TensorFlow's library when it is loaded: its log would go to the user's terminal.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threads);
  try {
    const [main, core = main] = found.files;
    const tf = requireModule(core!) as Tfjs;
    requireModule(main!); // registers itself with the core
    tf.enableProdMode(); // no banner, no checks of each value
    const { backend } = DEVICE_PACKAGES[device];
    if (!(await tf.setBackend(backend))) throw new Error(`the backend ${backend} does not start`);
    await tf.ready();
    if (device === 'gpu' && !(tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice) {
      throw new Error('it finds no GPU, or not its CUDA 11.2 and cuDNN 8.1');
    }
    return tf;
  } catch (cause) {
    const reason = String(cause instanceof Error ? cause.message : cause)
      .split('\n')[0]!
      .trim();
    throw new UnavailableDeviceError(
      `tfjs's device "${device}" does not work here: ${reason}; ` +
        'apollo doctor says more, --engine onnxruntime needs none of it',
      { cause },
    );
  }
}

// Not import(): the packages are optional, and only require looks into NODE_PATH.
const requireModule = createRequire(import.meta.url);

function installCommand(device: TfjsDevice): string {
  const names = DEVICE_PACKAGES[device].packages.map((name) => `${name}@${TFJS_VERSION}`);
  return `npm install --no-save ${names.join(' ')}`;
}
