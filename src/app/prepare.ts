import { checkPreparation } from '../domain/dataset/augment.js';
import type { DatasetManifest, PreparationOptions, SourceReport } from '../domain/dataset/manifest.js';
import { rollsFromTune } from '../domain/dataset/source.js';
import { InterruptedError, UnusableSourcesError, UsageError } from '../domain/errors.js';
import { checkRollFormat, type RollFormat } from '../domain/music/roll-format.js';
import type { Console } from '../ports/console.js';
import type { DatasetStore, DatasetWriter } from '../ports/dataset-store.js';
import type { Interruption } from '../ports/interruption.js';
import { countOutcomes, describeSource } from './describe-source.js';
import type { FindTunes, FoundTunes, TuneSource } from './find-tunes.js';

export interface PrepareRequest {
  readonly source: TuneSource;
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
}

export interface PrepareResult {
  /** As it was asked for. */
  readonly path: string;
  readonly source: TuneSource;
  readonly manifest: DatasetManifest;
}

export type Prepare = (request: PrepareRequest) => Promise<PrepareResult>;

/** Turns tunes into a dataset, one after the other, in order of name. Nothing is written unless it ends well. */
export const makePrepare =
  (findTunes: FindTunes, store: DatasetStore, console: Console, interruption: Interruption): Prepare =>
  async (request) => {
    const { source, out, format, preparation, limitBytes } = request;
    checkRollFormat(format);
    checkPreparation(preparation, format);
    if (!(limitBytes >= 1)) throw new UsageError(`the size limit must be 1 byte or more, got ${limitBytes}`);
    const tunes = await findTunes(source, limitBytes);
    const writer = await store.create(out, format, { replace: request.replace });
    try {
      const sources = await addAll(tunes, request, writer, console, interruption);
      checkUsable(sources, request, console);
      const manifest = await writer.finish({ preparation, origin: tunes.origin, sources });
      return { path: out, source, manifest };
    } catch (cause) {
      await writer.abandon();
      throw cause;
    }
  };

async function addAll(
  tunes: FoundTunes,
  { format, preparation }: PrepareRequest,
  writer: DatasetWriter,
  console: Console,
  interruption: Interruption,
): Promise<readonly SourceReport[]> {
  const sources: SourceReport[] = [];
  let refused = 0;
  for await (const tune of tunes.read()) {
    const rolls = rollsFromTune(tune, format, preparation);
    let next = rolls.next();
    for (; !next.done; next = rolls.next()) {
      checkInterrupted(interruption);
      await writer.add(next.value);
    }
    checkInterrupted(interruption);
    sources.push(next.value);
    if (next.value.outcome === 'refused') refused++;
    const detail = refused === 0 ? {} : { detail: `${refused} refused` };
    console.progress({ done: sources.length, total: tunes.count, unit: tunes.unit, ...detail });
  }
  return sources;
}

function checkInterrupted(interruption: Interruption): void {
  if (interruption.requested) throw new InterruptedError('preparing was stopped; nothing was written');
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
