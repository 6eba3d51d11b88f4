import type { MessagePort } from 'node:worker_threads';
import type { FeedSettings } from '../../../domain/training/step-feeds.js';
import type { Tensor } from '../../../domain/tensor/tensor.js';

/** The data that the thread starts with. */
export interface BatchLoaderThreadData {
  readonly plan: FeedSettings;
  readonly port: MessagePort;
}

/** To the thread: a step and its packed rolls. */
export interface BatchRequest {
  readonly step: number;
  readonly packed: Uint8Array;
}

/** From the thread. */
export interface BatchResponse {
  readonly step: number;
  readonly feeds: readonly (readonly [name: string, tensor: Tensor])[];
}
