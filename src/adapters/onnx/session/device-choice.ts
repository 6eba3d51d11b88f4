import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UnavailableDeviceError } from '../../../domain/errors.js';
import type { OpenOrtSession, OrtSession } from './ort-session.js';

/** A session and the device that it runs on. */
export interface PlacedSession {
  readonly session: OrtSession;
  readonly device: string;
  /** Why this is not the expected device; '' when it is. */
  readonly notice: string;
}

interface DeviceChoice {
  /** `cpu`, `cuda`, or `auto`, which is cuda when that works. */
  readonly device: string;
  readonly threads: number;
  /** Whether onnxruntime's cuda library is installed. An attempt to load a missing one prints on stderr. */
  readonly hasCuda: () => boolean;
  /** Whether onnxruntime optimizes the graph for the device. */
  readonly optimize: boolean;
}

const DEVICES: readonly string[] = ['auto', 'cpu', 'cuda'];

/**
 * Opens a model on the chosen device.
 * @throws UnavailableDeviceError for a device that was chosen by name and does not work
 */
export async function openOnDevice(
  open: OpenOrtSession,
  model: Uint8Array,
  { device: requested, threads, hasCuda, optimize }: DeviceChoice,
): Promise<PlacedSession> {
  const { device, notice, opened } = await chooseDevice({ device: requested }, hasCuda, (device) =>
    open(model, { device, threads, optimize }),
  );
  return { device, notice, session: opened ?? (await open(model, { device, threads, optimize })) };
}

/**
 * Chooses a device: the one asked for, or for `auto` cuda when it is installed and `attempt` does not throw, else cpu.
 * The cpu is not tried, since nothing could replace it. `opened` is the result of `attempt`, if it was called. `others`
 * are further devices of the caller, for the error message.
 * @throws UnavailableDeviceError for a device that was chosen by name and does not work
 */
export async function chooseDevice<T>(
  { device, others = [] }: { readonly device: string; readonly others?: readonly string[] },
  hasCuda: () => boolean,
  attempt: (device: string) => Promise<T>,
): Promise<{ readonly device: string; readonly notice: string; readonly opened?: T }> {
  if (!DEVICES.includes(device)) {
    throw new UnavailableDeviceError(
      `onnxruntime has no device "${device}"; use ${[...DEVICES, ...others].join(', ')}`,
    );
  }
  if (device === 'cuda' && !hasCuda()) {
    throw new UnavailableDeviceError(
      'cuda is not installed; ' +
        'run `npm run cuda` on a machine with an NVIDIA card, CUDA 12 and cuDNN 9, or use --device cpu',
    );
  }
  if (device === 'cpu' || !hasCuda()) return { device: 'cpu', notice: '' };
  try {
    return { device: 'cuda', notice: '', opened: await attempt('cuda') };
  } catch (cause) {
    if (device === 'cuda' || !(cause instanceof UnavailableDeviceError)) throw cause;
    return { device: 'cpu', notice: 'cuda is installed but does not work on this machine; using the cpu' };
  }
}

/** Whether the cuda library is installed. Loads nothing. */
export function hasCudaLibrary(): boolean {
  const library = process.platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : 'libonnxruntime_providers_cuda.so';
  try {
    const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
    return existsSync(join(root, 'bin', 'napi-v6', process.platform, process.arch, library));
  } catch {
    return false;
  }
}
