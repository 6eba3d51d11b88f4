import { UnavailableDeviceError } from '../../domain/errors.js';
import type { EngineRegistry, EngineRequest } from '../../ports/engine-registry.js';
import type { TensorEngine } from '../../ports/tensor-engine.js';

/** Opens one engine on a device. */
export type OpenEngine = (
  request: EngineRequest,
) => Promise<{ readonly engine: TensorEngine; readonly notice: string }>;

/** A registry of engines by name. */
export const createEngineRegistry = (engines: Readonly<Record<string, OpenEngine>>): EngineRegistry => ({
  names: Object.keys(engines),
  open: async (request) => {
    const open = Object.hasOwn(engines, request.name) ? engines[request.name] : undefined;
    if (open === undefined) {
      const names = Object.keys(engines);
      throw new UnavailableDeviceError(`there is no engine "${request.name}"; there are ${names.join(', ')}`);
    }
    return open(request);
  },
});

/** An engine that runs on the cpu alone. */
export const onCpuOnly =
  (make: () => TensorEngine): OpenEngine =>
  async ({ name, device }) => {
    if (device !== 'auto' && device !== 'cpu') {
      throw new UnavailableDeviceError(`the ${name} engine has no device "${device}"; it has cpu`);
    }
    return { engine: make(), notice: '' };
  };
