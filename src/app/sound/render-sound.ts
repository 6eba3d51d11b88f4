import { DamagedFileError, InterruptedError, UsageError } from '../../domain/errors.js';
import type { Score } from '../../domain/music/score.js';
import { mixDown, mixdownFrames } from '../../domain/sound/mixdown.js';
import { performScore, type ScorePerformance } from '../../domain/sound/score-performance.js';
import { assignInstruments } from '../../domain/sound/assign-instruments.js';
import { SAMPLE_RATE } from '../../domain/sound/stereo-block.js';
import { parseWav, createWavWriter } from '../../domain/sound/wav.js';
import type { Console } from '../../ports/console.js';
import type { Digest } from '../../ports/digest.js';
import type { YieldToEventLoop } from '../../ports/event-loop.js';
import type { FileStore } from '../../ports/file-store.js';
import type { LoadedSoundFont, Synthesizer } from '../../ports/synthesizer.js';

export interface RenderSoundRequest {
  /** What is heard: read by our strict reader, never a file's own bytes. */
  readonly score: Score;
  readonly title: string;
  /** The WAV file to write. */
  readonly out: string;
  /** Path of a SoundFont; the one that comes with Apollo when absent. */
  readonly soundFont: string | undefined;
  /** 1..MAX_SOUND_MINUTES; music after it is cut off. */
  readonly minutes: number;
}

export interface RenderedSound {
  readonly wav: string;
  /** Of the file. */
  readonly seconds: number;
  /** Sentences about what is not heard as it is written. */
  readonly notices: readonly string[];
  /** Whether the file that was there held this very sound. */
  readonly wasUpToDate: boolean;
}

/** Renders a score to a 16-bit stereo WAV file at 44.1 kHz. Equal scores give equal bytes. */
export type RenderSound = (request: RenderSoundRequest) => Promise<RenderedSound>;

export const DEFAULT_SOUND_MINUTES = 30;
export const MAX_SOUND_MINUTES = 180;

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

/** Part of the key of a sound: counts up when the same score is to sound otherwise than before. */
const SOUND_VERSION = 1;

export function createRenderSound(ports: RenderSoundPorts): RenderSound {
  const bytesOf = memoizeByPath((path) => ports.files.read(path));
  const orchestraOf = memoizeByPath(async (path) => loadSoundFont(path, await bytesOf(path), ports.synthesizer));
  return async ({ score, title, out, soundFont = ports.defaultSoundFont, minutes }) => {
    if (!(minutes >= 1 && minutes <= MAX_SOUND_MINUTES)) {
      throw new UsageError(`the minutes of sound must be a number from 1 to ${MAX_SOUND_MINUTES}, got ${minutes}`);
    }
    const performance = performScore(score, 60 * minutes);
    const frames = mixdownFrames(performance.seconds);
    const cut = performance.isTruncated ? [`the sound ends after ${minutes} minutes; --minutes asks for more`] : [];
    const key = await soundKey(ports.digest, await bytesOf(soundFont), title, performance);
    const facts = { wav: out, seconds: frames / SAMPLE_RATE };
    const told = await readCachedNotices(ports.files, out, key, frames);
    if (told !== undefined) return { ...facts, notices: [...told, ...cut], wasUpToDate: true };
    const orchestra = await orchestraOf(soundFont);
    const { parts, notices } = assignInstruments(performance, orchestra);
    const wave = createWavWriter(frames, { title, comment: JSON.stringify({ sound: key, notices }) });
    let done = 0;
    for (const block of mixDown(orchestra.render(parts, frames), performance.seconds)) {
      wave.append(block);
      done += block.left.length;
      if (done % PROGRESS_FRAMES !== 0 && done !== frames) continue;
      const [seconds, total] = [done, frames].map((count) => Math.round(count / SAMPLE_RATE));
      ports.console.progress({ done: seconds!, total: total!, unit: 'seconds of sound', detail: out });
      await ports.yieldToEventLoop(); // lets Ctrl-C through
      if (ports.signal.aborted) throw new InterruptedError(`stopped while ${out} was rendered; it is not there`);
    }
    await ports.files.write(out, wave.bytes);
    return { ...facts, notices: [...notices, ...cut], wasUpToDate: false };
  };
}

/** A whole number of windows, about three seconds. */
const PROGRESS_FRAMES = 1024 * 128;

/** Changes when anything does that is heard, or written into the file. */
async function soundKey(
  digest: Digest,
  soundFont: Uint8Array,
  title: string,
  { parts }: ScorePerformance,
): Promise<string> {
  const heard = JSON.stringify([SOUND_VERSION, await digest(soundFont), title, parts]);
  return digest(new TextEncoder().encode(heard));
}

/** What was said of the same sound when it was made; undefined when the file is another or none. */
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

/** Does the work once for each path. */
function memoizeByPath<T>(work: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (path) => {
    const result = known.get(path) ?? work(path);
    known.set(path, result);
    return result;
  };
}
