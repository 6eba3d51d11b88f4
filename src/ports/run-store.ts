import type { Precision } from '../domain/model/precision.js';
import type { Checkpoint } from '../domain/training/checkpoint.js';
import type { RunConfiguration } from '../domain/training/run-configuration.js';

/** One line of log.jsonl. Holds no times, so that a resumed run writes the bytes that an uninterrupted one does. */
export interface LogEntry {
  readonly step: number;
  readonly epoch: number;
  readonly [metric: string]: number;
}

/** A checkpoint that was skipped because it is damaged. */
export interface SkippedCheckpoint {
  readonly file: string;
  readonly reason: string;
}

/** One training's folder. Only one process at a time may hold it. */
export interface Run {
  readonly path: string;
  readonly configuration: RunConfiguration;
  /** Replaces run.json, to train for longer. */
  replaceConfiguration(configuration: RunConfiguration): Promise<void>;
  /** Saves, then deletes those whose step is not in `retain`; the one just saved always stays. */
  saveCheckpoint(checkpoint: Checkpoint, retain: ReadonlySet<number>): Promise<void>;
  /** The newest that is whole, and the damaged ones newer than it. */
  latestCheckpoint(): Promise<{
    readonly checkpoint: Checkpoint | undefined;
    readonly skipped: readonly SkippedCheckpoint[];
  }>;
  /** @throws FileAccessError when there is none of that step, DamagedFileError when it is not whole */
  checkpointAt(step: number): Promise<Checkpoint>;
  /** Of the checkpoints there are, damaged ones as well; the oldest first. */
  checkpointSteps(): Promise<readonly number[]>;
  appendLog(entries: readonly LogEntry[]): Promise<void>;
  readLog(): Promise<readonly LogEntry[]>;
  /** Drops log lines and samples made after `step` steps, `epoch` epochs. */
  rewind(step: number, epoch: number): Promise<void>;
  /** samples/epoch-0010/<name> */
  saveSample(epoch: number, name: string, bytes: Uint8Array): Promise<void>;
  /** model.onnx, or model-int8.onnx and the like for smaller weights; returns its path. */
  saveModel(bytes: Uint8Array, weights: Precision): Promise<string>;
  close(): Promise<void>;
}

/**
 * Keeps runs.
 *
 * Promises, one test each in test/contracts/run-store.contract.ts:
 * - A checkpoint comes back bit for bit; the newest one wins; only those to retain stay.
 * - A checkpoint of a later step than the one being saved goes: training went back before it.
 * - A damaged newest checkpoint is skipped for the one before it, and reported with its file and what is wrong.
 * - Any checkpoint can be opened by its step; an error names one that is absent or damaged.
 * - Log lines come back in order; `rewind` drops those after the step.
 * - Creating at a path that exists rejects with AlreadyExistsError, unless `replace`.
 * - Opening what is not a run rejects with FileAccessError or DamagedFileError, naming the file.
 * - A second holder of a run is refused with RunInUseError until the first has closed it; the lock of a dead process is
 *   ignored.
 */
export interface RunStore {
  create(path: string, configuration: RunConfiguration, options: { readonly replace: boolean }): Promise<Run>;
  /** `write` takes the lock, to continue training; `read` does not, to inspect or export. */
  open(path: string, access: 'read' | 'write'): Promise<Run>;
}
