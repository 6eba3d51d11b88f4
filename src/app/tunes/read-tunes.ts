import type { Refusal, Tune } from '../../domain/dataset/rolls-from-tune.js';
import { DomainError } from '../../domain/errors.js';
import { ScoreError } from '../../domain/music/score-error.js';
import { composeDemoTune } from '../../domain/demo/tune-composer.js';
import { randomStream } from '../../domain/random.js';
import type { Digest } from '../../ports/digest.js';
import type { ScoreFile, ScoreLibrary } from '../../ports/score-library.js';
import type { ScoreReaders } from '../../ports/score-readers.js';

/** Some tunes of one source, in order: plain data that can be sent to a worker thread. */
export type TuneBatch =
  | { readonly kind: 'midi'; readonly files: readonly ScoreFile[] }
  | {
      readonly kind: 'demo';
      readonly seed: number;
      /** The tunes from..to-1, counted from 0. */
      readonly from: number;
      readonly to: number;
    };

/** Reads tunes lazily; a file of more than `limitBytes` is refused. */
export type ReadTunes = (batch: TuneBatch, limitBytes: number) => AsyncIterable<Tune>;

interface ReadTunesPorts {
  readonly scoreLibrary: ScoreLibrary;
  readonly scoreReaders: ScoreReaders;
  readonly digest: Digest;
}

export const createReadTunes = (ports: ReadTunesPorts): ReadTunes =>
  async function* (batch, limitBytes) {
    if (batch.kind === 'midi') {
      for (const file of batch.files) yield await readTune(file, limitBytes, ports);
      return;
    }
    for (let i = batch.from; i < batch.to; i++) {
      const name = `demo-${String(i + 1).padStart(5, '0')}`;
      yield { name, content: { score: composeDemoTune(randomStream(batch.seed, 'tunes', i)), warnings: [] } };
    }
  };

async function readTune(
  file: ScoreFile,
  limitBytes: number,
  { scoreLibrary, scoreReaders, digest }: ReadTunesPorts,
): Promise<Tune> {
  const { name } = file;
  let sha256: string | undefined;
  try {
    const bytes = await scoreLibrary.read(file, limitBytes);
    sha256 = await digest(bytes);
    const { score, warnings } = (await scoreReaders.formatOf(name).open()).read(bytes);
    const messages =
      warnings.length === 0 ? NO_WARNINGS : warnings.map(({ offset, message }) => `byte ${offset}: ${message}`);
    return { name, sha256, content: { score, warnings: messages } };
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    return { name, ...(sha256 === undefined ? {} : { sha256 }), content: toRefusal(cause) };
  }
}

/** Shared by all files without a warning. */
const NO_WARNINGS: readonly string[] = [];

const toRefusal = (cause: DomainError): Refusal => ({
  refused: cause.message,
  code: cause.code,
  ...(cause instanceof ScoreError ? { offset: cause.offset } : {}),
});
