import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DeviceProbe } from '../../src/ports/device-probe.js';

/** What every DeviceProbe promises. `present`: a device that works wherever the tests run. */
export function deviceProbeContract(name: string, make: () => DeviceProbe, present = 'cpu'): void {
  describe(`DeviceProbe: ${name}`, () => {
    const written: unknown[] = [];
    beforeEach(() => {
      written.length = 0;
      for (const stream of [process.stdout, process.stderr]) {
        jest.spyOn(stream, 'write').mockImplementation((text) => written.push(text) > 0);
      }
    });
    afterEach(() => void jest.restoreAllMocks());

    it('names each device once, cpu among them', () => {
      const { devices, engine } = make();
      expect(new Set(devices).size).toBe(devices.length);
      expect(devices).toContain('cpu');
      expect(engine).not.toBe('');
    });

    it('finds that a device works', async () => {
      expect(await make().attempt(present)).toEqual({ device: present, works: true });
    });

    it('says in one line why a device does not work, and never rejects', async () => {
      const probe = make();
      for (const device of [...probe.devices, 'abacus', '']) {
        const trial = await probe.attempt(device);
        expect(trial.device).toBe(device);
        if (!trial.works) expect(trial.reason).toMatch(/^[^\n]+$/);
      }
      expect((await probe.attempt('abacus')).works).toBe(false);
    });

    it('keeps what the native library prints out of sight', async () => {
      const probe = make();
      await Promise.all(probe.devices.map((device) => probe.attempt(device)));
      expect(written).toEqual([]);
    });
  });
}
