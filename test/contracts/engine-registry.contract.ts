import { describe, expect, it } from '@jest/globals';
import { UnavailableDeviceError } from '../../src/domain/errors.js';
import type { EngineRegistry } from '../../src/ports/engine-registry.js';

/**
 * Every promise of src/ports/engine-registry.ts. @param real for each engine a device that it has wherever the tests
 * run
 */
export function engineRegistryContract(
  name: string,
  make: () => EngineRegistry | Promise<EngineRegistry>,
  real: Readonly<Record<string, string>>,
): void {
  describe(`EngineRegistry contract: ${name}`, () => {
    it('opens an engine of each name, on the device asked for, and on a real one for auto', async () => {
      const registry = await make();
      expect(registry.names).toEqual(expect.arrayContaining(Object.keys(real)));
      for (const [engineName, device] of Object.entries(real)) {
        const opened = await registry.open({ name: engineName, device, threads: 1 });
        expect(opened.engine).toMatchObject({ name: engineName, device });
        const best = await registry.open({ name: engineName, device: 'auto', threads: 1 });
        expect(best.engine.name).toBe(engineName);
        expect(best.engine.device).not.toBe('auto');
      }
    });

    it('rejects a name that it does not have with UnavailableDeviceError, which lists those it has', async () => {
      const registry = await make();
      for (const unknown of ['abacus', '', '__proto__', 'toString']) {
        const failure = await registry.open({ name: unknown, device: 'auto', threads: 1 }).catch((e: unknown) => e);
        expect(failure).toBeInstanceOf(UnavailableDeviceError);
        for (const known of registry.names) expect((failure as Error).message).toContain(known);
      }
    });

    it('rejects an unknown device with UnavailableDeviceError, which lists those of the engine', async () => {
      const registry = await make();
      for (const [engineName, device] of Object.entries(real)) {
        const failure = await registry
          .open({ name: engineName, device: 'abacus', threads: 1 })
          .catch((e: unknown) => e);
        expect(failure).toBeInstanceOf(UnavailableDeviceError);
        expect((failure as Error).message).toContain(device);
      }
    });

    it('says nothing about auto where the device is the one to expect', async () => {
      const registry = await make();
      for (const [engineName, device] of Object.entries(real)) {
        expect((await registry.open({ name: engineName, device, threads: 1 })).notice).toBe('');
      }
    });
  });
}
