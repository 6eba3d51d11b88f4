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
  /** Whether a dataset that stands at `out` gives way. */
  readonly replace: boolean;
  /** Whether one refused or damaged file is too many. */
  readonly strict: boolean;
  /** Larger files are refused; 1 or more. */
  readonly limitBytes: number;
  /** Threads that read and cut the tunes; 0 or 1: this one alone. As many as there are cores when absent, or none for few tunes. */
  readonly workers?: number | undefined;
}

export interface PrepareResult {
  /** As it was asked for. */
  readonly path: string;
  readonly input: TuneInput;
  readonly manifest: DatasetManifest;
}

export type Prepare = (request: PrepareRequest) => Promise<PrepareResult>;

export interface PreparePorts {
  readonly findTunes: FindTunes;
  readonly quantizeTunes: QuantizeTunes;
  /** Does what `cutTunes` does; see OpenQuantizerPool. */
  readonly openQuantizerPool: OpenQuantizerPool;
  readonly machine: Machine;
  readonly datasets: DatasetStore;
  readonly console: Console;
  readonly signal: AbortSignal;
}

/**
 * Turns tunes into a dataset, in order of name. Nothing is written unless it ends well, and the same bytes are, whatever
 * the number of workers.
 */
export const createPrepare =
  (parts: PreparePorts): Prepare =>
  async (request) => {
    const { input, out, format, preparation, limitBytes } = request;
    checkRollFormat(format);
    checkPreparation(preparation, format);
    if (!(limitBytes >= 1)) throw new UsageError(`the size limit must be 1 byte or more, got ${limitBytes}`);
    const tunes = await parts.findTunes(input);
    const writer = await parts.datasets.create(out, format, { replace: request.replace });
    try {
      const sources = await addAll(tunes, request, writer, parts);
      checkUsable(sources, request, parts.console);
      const manifest = await writer.finish({ preparation, origin: tunes.origin, sources });
      return { path: out, input, manifest };
    } catch (cause) {
      await writer.abandon();
      throw cause;
    }
  };

/** For fewer tunes than this, starting workers takes longer than they save. */
const MIN_TUNES_FOR_WORKERS = 600;

/** Tunes that are read and cut together: enough to be worth a message, few enough for every worker to get some. */
const TUNES_PER_BATCH = 64;

/**
 * Bytes. Workers leave larger files to the program itself, one after the other: a file can take sixty times its size of
 * memory while it is read.
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
  for await (const piece of openQuantizerPool(workers).run(batches(tunes, { ...request, limitBytes }))) {
    await addRolls(piece);
    for (const report of piece.reports) {
      if (!isUnreadable(report) || limitBytes === request.limitBytes) addReport(report);
      else {
        const batch = tunes.batch(sources.length, sources.length + 1);
        for await (const own of quantizeTunes({ ...quantizeSettings(request), batch })) {
          await addRolls(own);
          own.reports.forEach(addReport);
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

/** Only what a worker needs of a request. */
const quantizeSettings = ({ format, preparation, limitBytes }: PrepareRequest): Omit<QuantizeRequest, 'batch'> => ({
  format,
  preparation,
  limitBytes,
});

function checkInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new InterruptedError('preparing was stopped; nothing was written');
}

/** @throws UnusableSourcesError when there is nothing to keep, or under `strict` anything to complain of */
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
      ? `${wrong.length} of ${sources.length} files are damaged or refused, which strict mode does not allow; nothing was written`
      : `no roll could be made from ${files} (${summary}); nothing was written`,
  );
}
