import { checkPreparation } from '../../domain/dataset/augment.js';
import type { DatasetManifest, PreparationOptions, SourceReport } from '../../domain/dataset/manifest.js';
import { InterruptedError, UnusableSourcesError, UsageError } from '../../domain/errors.js';
import { checkRollFormat, type RollFormat } from '../../domain/roll/roll-format.js';
import type { Console } from '../../ports/console.js';
import type { DatasetStore, DatasetWriter } from '../../ports/dataset-store.js';
import type { Machine } from '../../ports/machine.js';
import {
  isUnreadable,
  type QuantizedBatch,
  type QuantizeRequest,
  type QuantizeTunes,
  type OpenQuantizerPool,
} from './quantize-tunes.js';
import { countOutcomes, describeSource } from '../tunes/describe-source.js';
import type { FindTunes, FoundTunes, TuneInput } from '../tunes/find-tunes.js';

export interface PrepareRequest {
  readonly input: TuneInput;
  /** Folder of the dataset. */
  readonly out: string;
  readonly format: RollFormat;
  readonly preparation: PreparationOptions;
  /** Whether to replace a dataset at `out`. */
  readonly replace: boolean;
  /** Whether to fail if any file is refused or damaged. */
  readonly strict: boolean;
  /** Maximum size of a file, 1 or more; larger files are refused. */
  readonly limitBytes: number;
  /**
   * Worker threads that read and quantize the tunes; with 0 or 1 the calling thread does it. By default one per core,
   * or 0 for fewer than MIN_TUNES_FOR_WORKERS tunes.
   */
  readonly workers?: number | undefined;
}

export interface PrepareResult {
  /** Folder of the dataset, as requested. */
  readonly path: string;
  readonly input: TuneInput;
  readonly manifest: DatasetManifest;
}

export type Prepare = (request: PrepareRequest) => Promise<PrepareResult>;

export interface PreparePorts {
  readonly findTunes: FindTunes;
  readonly quantizeTunes: QuantizeTunes;
  /** Opens a pool whose workers each run `quantizeTunes`. */
  readonly openQuantizerPool: OpenQuantizerPool;
  readonly machine: Machine;
  readonly datasets: DatasetStore;
  readonly console: Console;
  readonly signal: AbortSignal;
}

/**
 * Turns tunes into a dataset, in order of name. The bytes do not depend on the number of workers. If it fails, no
 * dataset is left at `out`.
 */
export const createPrepare =
  (ports: PreparePorts): Prepare =>
  async (request) => {
    const { input, out, format, preparation, limitBytes } = request;
    checkRollFormat(format);
    checkPreparation(preparation, format);
    if (!(limitBytes >= 1)) throw new UsageError(`the size limit must be 1 byte or more, got ${limitBytes}`);
    const tunes = await ports.findTunes(input);
    const writer = await ports.datasets.create(out, format, { replace: request.replace });
    try {
      const sources = await addAll(tunes, request, writer, ports);
      checkUsable(sources, request, ports.console);
      const manifest = await writer.finish({ preparation, origin: tunes.origin, sources });
      return { path: out, input, manifest };
    } catch (cause) {
      await writer.abandon();
      throw cause;
    }
  };

/** Below this, starting worker threads takes longer than they save. */
const MIN_TUNES_FOR_WORKERS = 600;

/** Tunes per task of a worker: enough to outweigh the message, few enough for every worker to get some. */
const TUNES_PER_BATCH = 64;

/**
 * Largest file that a worker reads, in bytes. Larger ones are read one after the other in the calling thread, because
 * reading a file can take sixty times its size in memory.
 */
const MAX_WORKER_FILE_BYTES = 2 ** 20;

async function addAll(
  tunes: FoundTunes,
  request: PrepareRequest,
  writer: DatasetWriter,
  { quantizeTunes, openQuantizerPool, machine, console, signal }: PreparePorts,
): Promise<readonly SourceReport[]> {
  const sources: SourceReport[] = [];
  let refused = 0;
  const addReport = (report: SourceReport): void => {
    checkInterrupted(signal);
    sources.push(report);
    if (report.outcome === 'refused') refused++;
    const detail = refused === 0 ? {} : { detail: `${refused} refused` };
    console.progress({ done: sources.length, total: tunes.count, unit: tunes.unit, ...detail });
  };
  const addRolls = async ({ packed }: QuantizedBatch): Promise<void> => {
    checkInterrupted(signal);
    await writer.add(packed);
  };
  const workers = request.workers ?? (tunes.count < MIN_TUNES_FOR_WORKERS ? 0 : machine.facts().cores);
  const limitBytes = workers < 2 ? request.limitBytes : Math.min(request.limitBytes, MAX_WORKER_FILE_BYTES);
  for await (const part of openQuantizerPool(workers).run(batches(tunes, { ...request, limitBytes }))) {
    await addRolls(part);
    for (const report of part.reports) {
      if (!isUnreadable(report) || limitBytes === request.limitBytes) addReport(report);
      else {
        const batch = tunes.batch(sources.length, sources.length + 1);
        for await (const large of quantizeTunes({ ...quantizeSettings(request), batch })) {
          await addRolls(large);
          large.reports.forEach(addReport);
        }
      }
    }
  }
  return sources;
}

function* batches(tunes: FoundTunes, request: PrepareRequest): Generator<QuantizeRequest> {
  for (let from = 0; from < tunes.count; from += TUNES_PER_BATCH) {
    yield { ...quantizeSettings(request), batch: tunes.batch(from, Math.min(tunes.count, from + TUNES_PER_BATCH)) };
  }
}

/** The part of a request that a worker needs. */
const quantizeSettings = ({ format, preparation, limitBytes }: PrepareRequest): Omit<QuantizeRequest, 'batch'> => ({
  format,
  preparation,
  limitBytes,
});

function checkInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new InterruptedError('preparing was stopped; nothing was written');
}

/** @throws UnusableSourcesError if no tune gave a roll, or under `strict` if any file is refused or damaged */
function checkUsable(sources: readonly SourceReport[], { strict }: PrepareRequest, console: Console): void {
  const counts = countOutcomes(sources);
  const usable = sources.some((source) => source.rolls > 0);
  const wrong = sources.filter(({ outcome }) => outcome === 'refused' || outcome === 'damaged');
  if (usable && !(strict && wrong.length > 0)) return;
  for (const source of sources) if (source.outcome !== 'used') console.warn(describeSource(source));
  const summary = `${counts.refused} refused, ${counts.damaged} damaged, ${counts.empty} empty`;
  const files = sources.length === 1 ? 'the only file' : `any of the ${sources.length} files`;
  throw new UnusableSourcesError(
    usable
      ? `${wrong.length} of ${sources.length} files are damaged or refused, which --strict does not allow; ` +
          'nothing was written'
      : `no roll could be made from ${files} (${summary}); nothing was written`,
  );
}
