import type { DeviceProbe, DeviceTrial } from '../../../src/ports/device-probe.js';

/** Answers as it was told; cpu works unless it is told otherwise. */
export function scriptedDeviceProbe(engine: string, trials: readonly DeviceTrial[] = []): DeviceProbe {
  const all = new Map<string, DeviceTrial>([['cpu', { device: 'cpu', works: true }]]);
  for (const trial of trials) all.set(trial.device, trial);
  return {
    engine,
    devices: [...all.keys()],
    attempt: async (device) => all.get(device) ?? { device, works: false, reason: 'there is no such device' },
  };
}
