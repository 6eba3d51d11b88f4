import { UnavailableDeviceError } from '../../../domain/errors.js';

/**
 * Loads the native library. Its telemetry (since 1.30) is switched off first: it stores an identifier of the machine in
 * the user's home, sends usage data to its makers, and warns on stderr where it cannot write.
 * @throws UnavailableDeviceError when it is not installed
 */
export async function loadOnnxruntime(): Promise<typeof import('onnxruntime-node')> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  return import('onnxruntime-node').catch((cause: unknown) => {
    throw new UnavailableDeviceError('onnxruntime-node cannot be loaded; run: npm ci', { cause });
  });
}

/** The first line of an error message. */
export const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0]!;
