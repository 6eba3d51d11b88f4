import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UnavailableDeviceError } from '../../domain/errors.js';
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
}

const DEVICES: readonly string[] = ['auto', 'cpu', 'cuda'];

/** @throws UnavailableDeviceError for a device that was asked for by name and cannot be had */
export async function openOnDevice(
  open: OpenOrtSession,
  model: Uint8Array,
  { device, threads, hasCuda }: DeviceChoice,
): Promise<PlacedSession> {
  if (!DEVICES.includes(device)) {
    throw new UnavailableDeviceError(`onnxruntime has no device "${device}"; use ${DEVICES.join(', ')}`);
  }
  if (device === 'cuda' && !hasCuda()) {
    throw new UnavailableDeviceError(
      'cuda is not installed; run `npm run cuda` on a machine with an NVIDIA card, CUDA 12 and cuDNN 9, or use --device cpu',
    );
  }
  if (device === 'cuda' || (device === 'auto' && hasCuda())) {
    try {
      return { session: await open(model, { device: 'cuda', threads }), device: 'cuda', notice: '' };
    } catch (cause) {
      if (device === 'cuda' || !(cause instanceof UnavailableDeviceError)) throw cause;
      const session = await open(model, { device: 'cpu', threads });
      return { session, device: 'cpu', notice: 'cuda is installed but does not work on this machine; using the cpu' };
    }
  }
  return { session: await open(model, { device: 'cpu', threads }), device: 'cpu', notice: '' };
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
