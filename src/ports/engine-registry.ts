import type { TensorEngine } from './tensor-engine.js';

export interface EngineRequest {
  /** `onnxruntime`, `reference`, ... */
  readonly name: string;
  /** `cpu`, `cuda`, ..., or `auto` for the best that works. */
  readonly device: string;
  /** Threads within one operation, 1 or more. */
  readonly threads: number;
}

/**
 * The engines there are.
 *
 * Promises, one test each in test/contracts/engine-registry.contract.ts:
 * - Each name opens an engine of that name, on the device asked for, or on a real one for `auto`.
 * - A name or device that it does not have rejects with UnavailableDeviceError, which lists those it has.
 * - `auto` says in `notice` when it could not take the device one would expect; '' otherwise.
 */
export interface EngineRegistry {
  readonly names: readonly string[];
  open(request: EngineRequest): Promise<{ readonly engine: TensorEngine; readonly notice: string }>;
}
