import type { ModelConfiguration } from '../model/model-configuration.js';
import type { RollFormat } from '../roll/roll-format.js';
import type { TrainingSettings } from './training-settings.js';

export const RUN_VERSION = 1;

/** Settings that run.json keeps under their own names. */
type KeptSettings = Pick<
  TrainingSettings,
  'batch' | 'epochs' | 'seed' | 'logEvery' | 'sampleEvery' | 'checkpointEvery'
>;

/** run.json: everything needed to repeat a run. It holds no times and nothing about the machine. */
export interface RunConfiguration extends KeptSettings {
  readonly version: typeof RUN_VERSION;
  readonly model: ModelConfiguration;
  readonly dataset: {
    /** As given on the command line. */
    readonly path: string;
    readonly digest: string;
    readonly origin: string;
    readonly rolls: number;
    readonly format: RollFormat;
  };
  readonly engine: { readonly name: string; readonly device: string; readonly threads: number };
}
