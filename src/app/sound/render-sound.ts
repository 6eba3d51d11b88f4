import { DamagedFileError, InterruptedError, UsageError } from '../../domain/errors.js';
import type { Score } from '../../domain/music/score.js';
import { mixDown, mixdownFrames } from '../../domain/sound/mixdown.js';
import { performScore, type ScorePerformance } from '../../domain/sound/score-performance.js';
import { assignInstruments } from '../../domain/sound/assign-instruments.js';
import { SAMPLE_RATE, type StereoBlock } from '../../domain/sound/stereo-block.js';
import { parseWav, createWavWriter } from '../../domain/sound/wav.js';
import type { Console } from '../../ports/console.js';
import type { Digest } from '../../ports/digest.js';
import type { YieldToEventLoop } from '../../ports/event-loop.js';
import type { FileStore } from '../../ports/file-store.js';
import type { LoadedSoundFont, Synthesizer } from '../../ports/synthesizer.js';

export interface RenderSoundRequest {
  /** The music, as the strict MIDI reader read it. */
  readonly score: Score;
  readonly title: string;
  /** The WAV file to write. */
  readonly out: string;
  /** Path of a SoundFont; by default the one that comes with Apollo. */
  readonly soundFont: string | undefined;
  /** Maximum length, 1..MAX_SOUND_MINUTES; longer music is truncated. */
  readonly minutes: number;
}

export interface RenderedSound {
  readonly wav: string;
  /** Length of the WAV file. */
  readonly seconds: number;
  /** Sentences about notes and instruments that the sound leaves out or replaces. */
  readonly notices: readonly string[];
  /** Whether the file already held this sound, so that it was not rendered again. */
  readonly wasUpToDate: boolean;
}

/**
 * Renders a score to a 16-bit stereo WAV file at 44.1 kHz. Equal scores give equal bytes.
 * @throws UsageError if `minutes` is out of range
 * @throws DamagedFileError if the SoundFont cannot be used
 * @throws InterruptedError if the signal is aborted; nothing is written then
 */
export type RenderSound = (request: RenderSoundRequest) => Promise<RenderedSound>;

const MAX_SOUND_MINUTES = 180;

export interface RenderSoundPorts {
  readonly files: FileStore;
  readonly synthesizer: Synthesizer;
  readonly digest: Digest;
  readonly console: Console;
  readonly signal: AbortSignal;
  readonly yieldToEventLoop: YieldToEventLoop;
  /** Path of the SoundFont that comes with Apollo. */
  readonly defaultSoundFont: string;
}

/** Part of a sound's cache key: increased when a change of the code makes the same score sound different. */
const SOUND_VERSION = 1;

export function createRenderSound(ports: RenderSoundPorts): RenderSound {
  const readFont = memoizeByPath((path) => ports.files.read(path));
  const loadFont = memoizeByPath(async (path) => loadSoundFont(path, await readFont(path), ports.synthesizer));
  return async ({ score, title, out, soundFont = ports.defaultSoundFont, minutes }) => {
    if (!(minutes >= 1 && minutes <= MAX_SOUND_MINUTES)) {
      throw new UsageError(`the minutes of sound must be a number from 1 to ${MAX_SOUND_MINUTES}, got ${minutes}`);
    }
    const performance = performScore(score, 60 * minutes);
    const frames = mixdownFrames(performance.seconds);
    const truncated = performance.isTruncated
      ? [`the sound ends after ${minutes} minutes; --minutes asks for more`]
      : [];
    const key = await soundKey(ports.digest, await readFont(soundFont), title, performance);
    const facts = { wav: out, seconds: frames / SAMPLE_RATE };
    const cachedNotices = await readCachedNotices(ports.files, out, key, frames);
    if (cachedNotices !== undefined) return { ...facts, notices: [...cachedNotices, ...truncated], wasUpToDate: true };
    const font = await loadFont(soundFont);
    const { parts, notices } = assignInstruments(performance, font);
    const comment = JSON.stringify({ sound: key, notices });
    const blocks = mixDown(font.render(parts, frames), performance.seconds);
    await ports.files.write(out, await encodeWav({ blocks, frames, title, comment, out }, ports));
    return { ...facts, notices: [...notices, ...truncated], wasUpToDate: false };
  };
}

/** Frames between two reports of progress: about three seconds, a whole number of blocks. */
const PROGRESS_FRAMES = 1024 * 128;

interface WavToEncode {
  readonly blocks: Iterable<StereoBlock>;
  readonly frames: number;
  readonly title: string;
  readonly comment: string;
  readonly out: string;
}

/** Renders the blocks into the bytes of a WAV file, and reports progress. */
async function encodeWav(
  { blocks, frames, title, comment, out }: WavToEncode,
  { console, signal, yieldToEventLoop }: RenderSoundPorts,
): Promise<Uint8Array> {
  const wav = createWavWriter(frames, { title, comment });
  let done = 0;
  for (const block of blocks) {
    wav.append(block);
    done += block.left.length;
    if (done % PROGRESS_FRAMES !== 0 && done !== frames) continue;
    const [seconds, total] = [done, frames].map((count) => Math.round(count / SAMPLE_RATE));
    console.progress({ done: seconds!, total: total!, unit: 'seconds of sound', detail: out });
    await yieldToEventLoop(); // so that a signal such as Ctrl-C is handled
    if (signal.aborted) throw new InterruptedError(`stopped while rendering ${out}; it was not written`);
  }
  return wav.bytes;
}

/** Digest of everything that the sound and the file depend on. */
async function soundKey(
  digest: Digest,
  soundFont: Uint8Array,
  title: string,
  { parts }: ScorePerformance,
): Promise<string> {
  const inputs = JSON.stringify([SOUND_VERSION, await digest(soundFont), title, parts]);
  return digest(new TextEncoder().encode(inputs));
}

/** The notices stored in the file if it holds the same sound; undefined if it holds another or does not exist. */
async function readCachedNotices(
  files: FileStore,
  path: string,
  key: string,
  frames: number,
): Promise<readonly string[] | undefined> {
  if ((await files.kind(path)) !== 'file') return undefined;
  try {
    const wave = parseWav(await files.read(path));
    const comment: unknown = JSON.parse(wave.comment);
    const { sound, notices } = comment as { readonly sound?: unknown; readonly notices?: unknown };
    return sound === key && wave.frames === frames && Array.isArray(notices) ? notices.map(String) : undefined;
  } catch (cause) {
    if (cause instanceof DamagedFileError || cause instanceof SyntaxError || cause instanceof TypeError)
      return undefined;
    throw cause;
  }
}

async function loadSoundFont(path: string, bytes: Uint8Array, synthesizer: Synthesizer): Promise<LoadedSoundFont> {
  try {
    return await synthesizer.load(bytes);
  } catch (cause) {
    if (!(cause instanceof DamagedFileError)) throw cause;
    throw new DamagedFileError(`${path} cannot be used as a SoundFont: ${cause.message}`, { cause });
  }
}

/** Calls `load` once per path. */
function memoizeByPath<T>(load: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (path) => {
    const result = known.get(path) ?? load(path);
    known.set(path, result);
    return result;
  };
}
