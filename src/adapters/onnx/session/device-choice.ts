import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UnavailableDeviceError } from '../../../domain/errors.js';
import type { OpenOrtSession, OrtSession } from './ort-session.js';

/** A session and where it runs. */
export interface PlacedSession {
  readonly session: OrtSession;
  readonly device: string;
  /** Why that is not the device one would expect; '' when it is. */
  readonly notice: string;
}

export interface DeviceChoice {
  /** `cpu`, `cuda`, or `auto`, which takes cuda when it works. */
  readonly device: string;
  readonly threads: number;
  /** Whether the cuda library lies beside onnxruntime's own. Trying to load a missing one prints on stderr. */
  readonly hasCuda: () => boolean;
  /** Whether the graph is rewritten for the device first. */
  readonly optimize: boolean;
}

const DEVICES: readonly string[] = ['auto', 'cpu', 'cuda'];

/** @throws UnavailableDeviceError for a device that was asked for by name and cannot be had */
export async function openOnDevice(
  open: OpenOrtSession,
  model: Uint8Array,
  { device: wanted, threads, hasCuda, optimize }: DeviceChoice,
): Promise<PlacedSession> {
  const { device, notice, opened } = await chooseDevice({ device: wanted }, hasCuda, (device) =>
    open(model, { device, threads, optimize }),
  );
  return { device, notice, session: opened ?? (await open(model, { device, threads, optimize })) };
}

/**
 * Which device to use: the one asked for; for `auto` cuda when it is installed and `attempt` does not throw, else cpu.
 * The cpu is not tried: there is nothing to fall back to. `opened` is what the attempt gave, if there was one.
 * `others`: devices that the caller has beside these.
 * @throws UnavailableDeviceError for a device that was asked for by name and cannot be had
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
      'cuda is not installed; run `npm run cuda` on a machine with an NVIDIA card, CUDA 12 and cuDNN 9, or use --device cpu',
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

/** Looks without loading anything. */
export function hasCudaLibrary(): boolean {
  const library = process.platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : 'libonnxruntime_providers_cuda.so';
  try {
    const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
    return existsSync(join(root, 'bin', 'napi-v6', process.platform, process.arch, library));
  } catch {
    return false;
  }
}
