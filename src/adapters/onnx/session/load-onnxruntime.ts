import { UnavailableDeviceError } from '../../../domain/errors.js';

/**
 * The native library, loaded when the first session is opened.
 *
 * Since 1.30 it keeps an identifier of the machine in the user's home, sends what it counts to its makers, and writes a
 * warning to stderr where it cannot. Apollo does none of that, so it is switched off before it is loaded.
 *
 * @throws UnavailableDeviceError when it is not installed
 */
export async function loadOnnxruntime(): Promise<typeof import('onnxruntime-node')> {
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  return import('onnxruntime-node').catch((cause: unknown) => {
    throw new UnavailableDeviceError('onnxruntime-node cannot be loaded; run: npm ci', { cause });
  });
}
