import { add, input } from '../../domain/tensor/node-builders.js';
import type { DeviceProbe } from '../../ports/device-probe.js';
import { createReferenceEngine } from './reference-engine.js';

/** The reference engine runs wherever this program does; computing something proves it. */
export const referenceDeviceProbe: DeviceProbe = {
  engine: 'reference',
  devices: ['cpu'],
  async attempt(device) {
    if (device !== 'cpu') return { device, works: false, reason: 'the reference engine has no such device' };
    const x = input('x', [1]);
    const doubling = { name: 'double', feeds: [x], state: [], metrics: [{ name: 'y', node: add(x, x) }] };
    const compiled = await createReferenceEngine().compile(doubling);
    const metrics = await compiled.step(new Map([['x', { shape: [1], data: Float32Array.of(21) }]]));
    await compiled.release();
    return metrics.get('y')?.data[0] === 42
      ? { device, works: true }
      : { device, works: false, reason: 'it computes wrong values' };
  },
};
