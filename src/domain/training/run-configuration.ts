import type { Recipe } from '../model/model-spec.js';
import type { Vocabulary } from '../model/tune/vocabulary.js';
import type { RollFormat } from '../music/roll-format.js';

export const RUN_VERSION = 1;

/** All that settles the networks of a run and how they are trained. */
export interface ModelChoice {
  /** Catalogue name. */
  readonly architecture: string;
  readonly depth: number;
  /** Numbers of the recipe that are not the architecture's usual ones. */
  readonly recipe?: Recipe | undefined;
  /** What was learned from the dataset before the first step, for an architecture that chooses. */
  readonly vocabulary?: Vocabulary | undefined;
}

/** run.json: everything needed to repeat a run. No times, no machine. */
export interface RunConfiguration {
  readonly version: typeof RUN_VERSION;
  readonly model: ModelChoice;
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
