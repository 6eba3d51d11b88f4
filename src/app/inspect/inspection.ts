import type { PreparationOptions, SourceOutcome } from '../../domain/dataset/manifest.js';
import type { MidiFacts } from '../../domain/midi/midi-facts.js';
import type { ModelMetadata } from '../../domain/model/model-metadata.js';
import type { RollFormat } from '../../domain/roll/roll-format.js';
import type { BestCheckpoint } from '../../domain/training/best-checkpoint.js';
import type { RunConfiguration } from '../../domain/training/run-configuration.js';
import type { LogEntry, SkippedCheckpoint } from '../../ports/run-store.js';

/** The content of a path: as lines of text for people and as an object for programs. */
export interface Inspection<T extends object = object> {
  readonly lines: readonly string[];
  readonly json: T;
}

/** Inspects one kind of file or folder. */
export type InspectPath<T extends object = object> = (path: string) => Promise<Inspection<T>>;

export interface MidiInspection extends MidiFacts {
  /** The format's name in lower case: `midi`. */
  readonly kind: string;
  readonly path: string;
}

/** The content of a dataset. Every byte of it has been checked. */
export interface DatasetInspection {
  readonly kind: 'dataset';
  readonly path: string;
  readonly version: number;
  readonly rolls: number;
  readonly chunks: number;
  readonly format: RollFormat;
  readonly preparation: PreparationOptions;
  readonly origin: string;
  readonly sources: Readonly<Record<SourceOutcome, number>>;
  /** Sources with the same bytes as an earlier one. */
  readonly duplicates: number;
  /** Notes in all sources, and those of them outside the pitch range. */
  readonly notes: number;
  readonly notesOutside: number;
  /** Share of cells that are 1, 0..1. */
  readonly density: number;
  /** Rolls without a single note. */
  readonly blankRolls: number;
  readonly digest: string;
}

/** The configuration and the progress of a run. */
export interface RunInspection extends Omit<RunConfiguration, 'version'> {
  readonly kind: 'run';
  readonly path: string;
  /** Steps of the newest whole checkpoint, and of the whole training. */
  readonly steps: { readonly done: number; readonly planned: number };
  /** Steps of the checkpoints in the folder. */
  readonly checkpoints: readonly number[];
  /** The checkpoint whose samples came nearest to real tunes; null if none were compared. */
  readonly best: BestCheckpoint | null;
  /** Damaged checkpoints newer than the newest whole one. */
  readonly damaged: readonly SkippedCheckpoint[];
  readonly loggedSteps: number;
  /** The last line of the log: losses and discriminator scores. */
  readonly last: LogEntry | null;
}

/** The metadata of a model file and its size. */
export interface ModelInspection extends Omit<ModelMetadata, 'version'> {
  readonly kind: 'model';
  readonly path: string;
  readonly bytes: number;
  /** Parameters of the network. */
  readonly parameters: number;
}
