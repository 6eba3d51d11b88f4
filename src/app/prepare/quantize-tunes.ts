import type { PreparationOptions, SourceReport } from '../../domain/dataset/manifest.js';
import { rollsFromTune } from '../../domain/dataset/rolls-from-tune.js';
import { packedSize } from '../../domain/roll/piano-roll.js';
import type { RollFormat } from '../../domain/roll/roll-format.js';
import type { TaskFunction, WorkerPool } from '../../ports/worker-pool.js';
import type { ReadTunes, TuneBatch } from '../tunes/read-tunes.js';

export interface QuantizeRequest {
  readonly batch: TuneBatch;
  readonly format: RollFormat;
  readonly preparation: PreparationOptions;
  /** Maximum size of a file; larger files are refused. */
  readonly limitBytes: number;
}

/** Some of the rolls of a batch, in order, and reports of the tunes that end with them. */
export interface QuantizedBatch {
  /** The rolls, each packed by packRoll, one after the other. */
  readonly packed: Uint8Array;
  /** Reports of the tunes whose last roll is here. Only the last one may be of a file that could not be read. */
  readonly reports: readonly SourceReport[];
}

/** Reads a batch of tunes and quantizes them to rolls, lazily. */
export type QuantizeTunes = TaskFunction<QuantizeRequest, QuantizedBatch>;

/** Opens a pool of this many worker threads; with 0 or 1 the calling thread does the work. */
export type OpenQuantizerPool = (workers: number) => WorkerPool<QuantizeRequest, QuantizedBatch>;

export const createQuantizeTunes = ({ readTunes }: { readonly readTunes: ReadTunes }): QuantizeTunes =>
  async function* ({ batch, format, preparation, limitBytes }) {
    const part = new QuantizedBatchBuilder(packedSize(format));
    for await (const tune of readTunes(batch, limitBytes)) {
      const rolls = rollsFromTune(tune, format, preparation);
      let next = rolls.next();
      for (; !next.done; next = rolls.next()) {
        part.add(next.value);
        if (part.isFull) yield part.take();
      }
      part.end(next.value);
      if (part.isFull || isUnreadable(next.value)) yield part.take();
    }
    if (!part.isEmpty) yield part.take();
  };

/** Whether the file could not be read or is larger than the limit. */
export const isUnreadable = ({ code }: SourceReport): boolean => code === 'FILE_ACCESS';

/** Bytes of rolls at which a part is complete. A batch of ordinary tunes is one part. */
const MAX_BATCH_BYTES = 512 * 1024;
/** Initial size of the buffer for rolls, which is enough for most batches. */
const INITIAL_BUFFER_BYTES = MAX_BATCH_BYTES / 2;
/** Notes at which a part is complete, so that a request to stop is noticed soon even in long tunes. */
const MAX_BATCH_NOTES = 100_000;

/** Collects rolls and reports until a part is complete. */
class QuantizedBatchBuilder {
  private bytes = new Uint8Array(0);
  private used = 0;
  private notes = 0;
  private reports: SourceReport[] = [];

  /** @param rollBytes size of a packed roll */
  constructor(private readonly rollBytes: number) {}

  get isFull(): boolean {
    return this.used >= MAX_BATCH_BYTES || this.notes >= MAX_BATCH_NOTES;
  }

  get isEmpty(): boolean {
    return this.used === 0 && this.reports.length === 0;
  }

  add(roll: Uint8Array): void {
    if (this.used + roll.length > this.bytes.length) this.grow();
    this.bytes.set(roll, this.used);
    this.used += roll.length;
  }

  end(report: SourceReport): void {
    this.reports.push(report);
    this.notes += report.notes;
  }

  take(): QuantizedBatch {
    const taken = { packed: this.bytes.slice(0, this.used), reports: this.reports };
    [this.used, this.notes, this.reports] = [0, 0, []];
    return taken;
  }

  private grow(): void {
    const larger = new Uint8Array(Math.max(INITIAL_BUFFER_BYTES, 2 * this.rollBytes, 2 * this.bytes.length));
    larger.set(this.bytes.subarray(0, this.used));
    this.bytes = larger;
  }
}
