import type { Refusal, Tune } from '../domain/dataset/source.js';
import { DomainError, UnusableSourcesError, UsageError } from '../domain/errors.js';
import { MidiError } from '../domain/music/midi-error.js';
import { composeTune } from '../domain/music/tune-composer.js';
import { randomStream } from '../domain/random.js';
import type { Digest } from '../ports/digest.js';
import type { MidiFile, MidiLibrary } from '../ports/midi-library.js';
import type { MidiReader } from '../ports/midi-reader.js';

/** Where tunes come from: MIDI files and folders of them, or the demo composer. */
export type TuneSource =
  | { readonly kind: 'midi'; readonly paths: readonly string[] }
  | {
      readonly kind: 'demo';
      /** 1..DEMO_TUNES_LIMIT */ readonly tunes: number;
      /** 0..2^53-1 */ readonly seed: number;
    };

export interface FoundTunes {
  readonly count: number;
  /** What is counted: `files`, `tunes`. */
  readonly unit: string;
  /** For dataset.json. */
  readonly origin: string;
  /** In order of name, each read when it is asked for. */
  read(): AsyncIterable<Tune>;
}

export type FindTunes = (source: TuneSource, limitBytes: number) => Promise<FoundTunes>;

export const DEMO_TUNES_LIMIT = 1_000_000;

export const makeFindTunes =
  (library: MidiLibrary, reader: MidiReader, digest: Digest): FindTunes =>
  async (source, limitBytes) => {
    if (source.kind === 'demo') return demoTunes(source.tunes, source.seed);
    const files = await library.find(source.paths);
    if (files.length === 0) {
      throw new UnusableSourcesError(
        `there is no MIDI file (.mid, .midi, .smf, .kar, .rmi) in ${source.paths.join(', ')}`,
      );
    }
    const readAll = async function* (): AsyncGenerator<Tune> {
      for (const file of files) yield await readTune(file, limitBytes, library, reader, digest);
    };
    return { count: files.length, unit: 'files', origin: source.paths.map(lastPart).join(', '), read: readAll };
  };

async function readTune(
  file: MidiFile,
  limitBytes: number,
  library: MidiLibrary,
  reader: MidiReader,
  digest: Digest,
): Promise<Tune> {
  const { name } = file;
  let sha256: string | undefined;
  try {
    const bytes = await library.read(file, limitBytes);
    sha256 = digest(bytes);
    const { score, warnings } = reader.read(bytes);
    const said = warnings.map(({ offset, message }) => `byte ${offset}: ${message}`);
    return { name, sha256, content: { score, warnings: said } };
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    return { name, ...(sha256 === undefined ? {} : { sha256 }), content: refusal(cause) };
  }
}

const refusal = (cause: DomainError): Refusal => ({
  refused: cause.message,
  code: cause.code,
  ...(cause instanceof MidiError ? { offset: cause.offset } : {}),
});

function demoTunes(tunes: number, seed: number): FoundTunes {
  if (!Number.isInteger(tunes) || tunes < 1 || tunes > DEMO_TUNES_LIMIT) {
    throw new UsageError(`the number of demo tunes must be a whole number from 1 to ${DEMO_TUNES_LIMIT}, got ${tunes}`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new UsageError(`the seed must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, got ${seed}`);
  }
  const composeAll = async function* (): AsyncGenerator<Tune> {
    for (let i = 0; i < tunes; i++) {
      const name = `demo-${String(i + 1).padStart(5, '0')}`;
      yield { name, content: { score: composeTune(randomStream(seed, 'tunes', i)), warnings: [] } };
    }
  };
  const origin = `demo composer, ${tunes} tune${tunes === 1 ? '' : 's'}, seed ${seed}`;
  return { count: tunes, unit: 'tunes', origin, read: composeAll };
}

/** `nottingham` for `../data/nottingham/`: where a folder lies on one machine says nothing on another. */
function lastPart(path: string): string {
  const name = path.replace(/[/\\]+$/, '').replace(/^.*[/\\]/s, '');
  return name === '' || name === '.' || name === '..' ? path : name;
}
