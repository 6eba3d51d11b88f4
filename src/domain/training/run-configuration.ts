import type { ModelConfiguration } from '../model/model-configuration.js';
import type { RollFormat } from '../roll/roll-format.js';

export const RUN_VERSION = 1;

/** The contents of run.json: everything needed to repeat a run. It has no times and names no machine. */
export interface RunConfiguration {
  readonly version: typeof RUN_VERSION;
  readonly model: ModelConfiguration;
  readonly dataset: {
    /** The path as it was given on the command line. */
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
  /** Steps between lines of the log. */
  readonly logEvery: number;
  /** Epochs between samples. */
  readonly sampleEvery: number;
  /** Epochs between checkpoints. */
  readonly checkpointEvery: number;
}
