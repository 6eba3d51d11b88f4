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
  /** Larger files are refused. */
  readonly limitBytes: number;
}

/** Some of the rolls of a batch, in order, and the tunes that end with them. */
export interface QuantizedBatch {
  /** Rolls, packed (see packRoll) one after the other. */
  readonly packed: Uint8Array;
  /** Of the tunes whose last roll is in this piece. Only the last of them may be of a file that could not be read. */
  readonly reports: readonly SourceReport[];
}

/** Reads a batch of tunes and cuts them into rolls, a piece when it is asked for. */
export type QuantizeTunes = TaskFunction<QuantizeRequest, QuantizedBatch>;

/** Who cuts tunes: so many workers, or for 0 and 1 the thread that asks. */
export type OpenQuantizerPool = (workers: number) => WorkerPool<QuantizeRequest, QuantizedBatch>;

export const createQuantizeTunes = ({ readTunes }: { readonly readTunes: ReadTunes }): QuantizeTunes =>
  async function* ({ batch, format, preparation, limitBytes }) {
    const piece = new QuantizedBatchBuilder(packedSize(format));
    for await (const tune of readTunes(batch, limitBytes)) {
      const rolls = rollsFromTune(tune, format, preparation);
      let next = rolls.next();
      for (; !next.done; next = rolls.next()) {
        piece.add(next.value);
        if (piece.isFull) yield piece.take();
      }
      piece.end(next.value);
      if (piece.isFull || isUnreadable(next.value)) yield piece.take();
    }
    if (!piece.isEmpty) yield piece.take();
  };

/** Whether it is of a file that could not be read, or not under this limit. */
export const isUnreadable = ({ code }: SourceReport): boolean => code === 'FILE_ACCESS';

/** Bytes of rolls: a piece takes little memory, and a batch of ordinary tunes is one piece. */
const MAX_BATCH_BYTES = 512 * 1024;
/** Bytes of rolls that there is room for at first, which are enough for most batches. */
const INITIAL_BUFFER_BYTES = MAX_BATCH_BYTES / 2;
/** A piece of long tunes is made in a moment, too, so that a request to stop is soon seen. */
const MAX_BATCH_NOTES = 100_000;

/** A piece that is being filled. */
class QuantizedBatchBuilder {
  private bytes = new Uint8Array(0);
  private used = 0;
  private notes = 0;
  private reports: SourceReport[] = [];

  /** @param rollBytes of a packed roll */
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
