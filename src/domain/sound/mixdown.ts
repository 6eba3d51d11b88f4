import { createLimiter } from './limiter.js';
import { createReverb } from './reverb.js';
import { framesForSeconds, SAMPLE_RATE, RENDER_QUANTUM, type StereoBlock } from './stereo-block.js';

/** Time after the last note, in which its sound and echo decay. It ends with a fade, then with silence. */
const TAIL_SECONDS = 2.5;
const FADE_SECONDS = 1;
const SILENCE_SECONDS = 0.1;
/** Brings a tune of one or two voices near full scale; the limiter takes care of louder ones. */
const GAIN = 2.6;

/** Frames of the finished sound of music of the given length. */
export const mixdownFrames = (seconds: number): number => framesForSeconds(seconds + TAIL_SECONDS);

/**
 * Applies gain, reverb, the fade at the end and the limiter. Changes the blocks in place.
 * @param dry blocks of whole render quanta, `mixdownFrames(seconds)` frames in all
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

/** Fades with half a cosine from 1 to 0, then silence. @param at the first frame of the block */
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
