import { RENDER_QUANTUM, type StereoBlock } from './stereo-block.js';

const { abs, max } = Math;

/** Nothing gets louder than this: 1 dB under full scale. */
export const LIMITER_THRESHOLD = 0.891;
/** Windows that are known before one is given out: 23 ms. */
const LOOKAHEAD_QUANTA = 8;
/** How far the gain may fall, and rise, in one window of 2.9 ms. */
const ATTACK = 1 / LOOKAHEAD_QUANTA;
const RELEASE = 1 / 200;

/** Keeps loud places under the ceiling by turning the volume down in time, smoothly, so that nothing is clipped. */
export interface Limiter {
  /** Takes blocks of whole windows, gives those that are ready; later ones may change the gain of the others. */
  push(block: StereoBlock): readonly StereoBlock[];
  /** The rest. */
  flush(): readonly StereoBlock[];
}

/**
 * The gain is a line between the borders of windows. At a border it is at most what both windows beside it allow,
 * ceiling / peak, so that no frame passes the ceiling; it falls and rises with limited steepness.
 */
export function createLimiter(): Limiter {
  const waiting: { readonly block: StereoBlock; readonly allowed: number }[] = [];
  let gain: number | undefined; // at the border before the first that waits

  /** The highest gain at the border before waiting window `first`, from which all known later ones are reached in time. */
  const highest = (first: number): number =>
    waiting.slice(first).reduce((gain, { allowed }, away) => Math.min(gain, allowed + away * ATTACK), 1);

  const release = (): StereoBlock => {
    const before = (gain ??= highest(0));
    const after = Math.min(before + RELEASE, waiting[0]!.allowed, highest(1));
    const { block } = waiting.shift()!;
    gain = after;
    if (before < 1 || after < 1) {
      for (const channel of [block.left, block.right]) {
        for (let i = 0; i < RENDER_QUANTUM; i++) channel[i]! *= before + ((after - before) * i) / RENDER_QUANTUM;
      }
    }
    return block;
  };
  return {
    push(block) {
      const ready: StereoBlock[] = [];
      for (let at = 0; at < block.left.length; at += RENDER_QUANTUM) {
        const [left, right] = [block.left, block.right].map((channel) => channel.slice(at, at + RENDER_QUANTUM));
        waiting.push({
          block: { left: left!, right: right! },
          allowed: Math.min(1, LIMITER_THRESHOLD / peak(left!, right!)),
        });
        if (waiting.length > LOOKAHEAD_QUANTA) ready.push(release());
      }
      return ready;
    },
    flush: () => Array.from({ length: waiting.length }, release),
  };
}

function peak(left: Float32Array, right: Float32Array): number {
  let highest = 1e-9; // silence allows any gain
  for (const channel of [left, right]) for (const sample of channel) highest = max(highest, abs(sample));
  return highest;
}
