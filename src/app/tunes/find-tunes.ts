import type { Tune } from '../../domain/dataset/rolls-from-tune.js';
import { UnusableSourcesError, UsageError } from '../../domain/errors.js';
import type { ScoreLibrary } from '../../ports/score-library.js';
import type { ScoreReaders } from '../../ports/score-readers.js';
import { fileName } from './file-name.js';
import type { ReadTunes, TuneBatch } from './read-tunes.js';

/** The source of tunes: MIDI files and folders of them, or the demo composer. */
export type TuneInput =
  | { readonly kind: 'midi'; readonly paths: readonly string[] }
  | {
      readonly kind: 'demo';
      /** 1..DEMO_TUNES_LIMIT */
      readonly tunes: number;
      /** 0..2^53-1 */
      readonly seed: number;
    };

export interface FoundTunes {
  readonly count: number;
  /** The unit of `count`: `files` or `tunes`. */
  readonly unit: string;
  /** Description of the source for dataset.json. */
  readonly origin: string;
  /** The tunes from..to-1, counted from 0 and in order of name, as plain data for `ReadTunes`. */
  batch(from: number, to: number): TuneBatch;
  /** Reads all tunes lazily. A file of more than `limitBytes` is refused. */
  read(limitBytes: number): AsyncIterable<Tune>;
}

export type FindTunes = (source: TuneInput) => Promise<FoundTunes>;

const DEMO_TUNES_LIMIT = 1_000_000;

interface FindTunesPorts {
  readonly scoreLibrary: ScoreLibrary;
  readonly scoreReaders: ScoreReaders;
  readonly readTunes: ReadTunes;
}

export const createFindTunes = ({ scoreLibrary, scoreReaders, readTunes }: FindTunesPorts): FindTunes => {
  return async (source) => {
    const found =
      source.kind === 'demo'
        ? demoTunes(source.tunes, source.seed)
        : await findFiles(source.paths, scoreLibrary, scoreReaders.endings);
    return { ...found, read: (limitBytes) => readTunes(found.batch(0, found.count), limitBytes) };
  };
};

type Found = Omit<FoundTunes, 'read'>;

async function findFiles(paths: readonly string[], library: ScoreLibrary, endings: readonly string[]): Promise<Found> {
  const files = await library.find(paths, endings);
  if (files.length === 0) {
    throw new UnusableSourcesError(`there is no MIDI file (${endings.join(', ')}) in ${paths.join(', ')}`);
  }
  const batch = (from: number, to: number): TuneBatch => ({ kind: 'midi', files: files.slice(from, to) });
  return { count: files.length, unit: 'files', origin: paths.map(originName).join(', '), batch };
}

function demoTunes(tunes: number, seed: number): Found {
  if (!Number.isInteger(tunes) || tunes < 1 || tunes > DEMO_TUNES_LIMIT) {
    throw new UsageError(`the number of demo tunes must be a whole number from 1 to ${DEMO_TUNES_LIMIT}, got ${tunes}`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError(`the seed must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, got ${seed}`);
  }
  const origin = `demo composer, ${tunes} tune${tunes === 1 ? '' : 's'}, seed ${seed}`;
  return { count: tunes, unit: 'tunes', origin, batch: (from, to) => ({ kind: 'demo', seed, from, to }) };
}

/** `nottingham` for `../data/nottingham/`: the path on this machine means nothing on another. */
function originName(path: string): string {
  const name = fileName(path.replace(/[/\\]+$/, ''));
  return name === '' || name === '.' || name === '..' ? path : name;
}
