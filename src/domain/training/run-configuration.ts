import type { ModelConfiguration } from '../model/model-configuration.js';
import type { RollFormat } from '../roll/roll-format.js';

export const RUN_VERSION = 1;

/** run.json: everything needed to repeat a run. No times, no machine. */
export interface RunConfiguration {
  readonly version: typeof RUN_VERSION;
  readonly model: ModelConfiguration;
  readonly dataset: {
    /** As it was given on the command line. */
    readonly path: string;
    readonly digest: string;
    readonly origin: string;
    readonly rolls: number;
    readonly format: RollFormat;
  };
  readonly engine: { readonly name: string; readonly device: string; readonly threads: number };
  readonly batch: number;
  readonly epochs: number;
  readonly seed: number;
  /** A log line every so many steps. */
  readonly logEvery: number;
  /** Samples and a checkpoint every so many epochs. */
  readonly sampleEvery: number;
  readonly checkpointEvery: number;
}
