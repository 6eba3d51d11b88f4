import { createLimiter } from './limiter.js';
import { createReverb } from './reverb.js';
import { framesForSeconds, SAMPLE_RATE, RENDER_QUANTUM, type StereoBlock } from './stereo-block.js';

/** After the last note: its sound and its echo die away, the last of it in silence. */
const TAIL_SECONDS = 2.5;
const FADE_SECONDS = 1;
const SILENCE_SECONDS = 0.1;
/** A tune of one or two voices comes out near full scale; the limiter sees to the others. */
const GAIN = 2.6;

/** Frames of the finished sound of so many seconds of music. */
export const mixdownFrames = (seconds: number): number => framesForSeconds(seconds + TAIL_SECONDS);

/**
 * From what the instruments play to what is heard: room, fade at the end, and a limit under full scale.
 * @param dry blocks of whole windows, `mixdownFrames(seconds)` frames in all
 */
export function* mixDown(dry: Iterable<StereoBlock>, seconds: number): Generator<StereoBlock> {
  const frames = mixdownFrames(seconds);
  const reverb = createReverb();
  const limiter = createLimiter();
  let at = 0;
  for (const block of dry) {
    for (const channel of [block.left, block.right]) for (let i = 0; i < channel.length; i++) channel[i]! *= GAIN;
    reverb(block);
    fade(block, at, frames);
    at += block.left.length;
    yield* limiter.push(block);
  }
  yield* limiter.flush();
}

/** Half a cosine from 1 to 0, then nothing. */
function fade({ left, right }: StereoBlock, at: number, frames: number): void {
  const end = frames - Math.floor((SILENCE_SECONDS * SAMPLE_RATE) / RENDER_QUANTUM) * RENDER_QUANTUM;
  const start = end - FADE_SECONDS * SAMPLE_RATE;
  for (let i = Math.max(0, start - at); i < left.length; i++) {
    const share = Math.min(1, (at + i - start) / (end - start));
    const level = (1 + Math.cos(Math.PI * share)) / 2;
    left[i]! *= level;
    right[i]! *= level;
  }
}
