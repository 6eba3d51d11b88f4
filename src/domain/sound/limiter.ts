import { RENDER_QUANTUM, type StereoBlock } from './stereo-block.js';

const { abs, max } = Math;

/** Largest amplitude of the output: 1 dB below full scale. */
export const LIMITER_THRESHOLD = 0.891;
/** Render quanta of look-ahead: 23 ms. */
const LOOKAHEAD_QUANTA = 8;
/** Largest fall (attack) and rise (release) of the gain in one quantum of 2.9 ms. */
const ATTACK = 1 / LOOKAHEAD_QUANTA;
const RELEASE = 1 / 200;

/** A look-ahead limiter: lowers the volume smoothly before loud places, so that nothing exceeds the threshold. */
interface Limiter {
  /** Takes a block of whole quanta and returns those that are ready. The others wait for the look-ahead. */
  push(block: StereoBlock): readonly StereoBlock[];
  /** Returns the quanta that are still waiting. */
  flush(): readonly StereoBlock[];
}

/**
 * The gain is linear within a quantum. At a border between two quanta it is at most what both allow, threshold / peak,
 * so that no frame exceeds the threshold; it rises and falls with limited slope.
 */
export function createLimiter(): Limiter {
  const waiting: { readonly block: StereoBlock; readonly allowed: number }[] = [];
  let gain: number | undefined; // at the start of the first waiting quantum

  /** The highest gain at the start of waiting quantum `first` that can still fall in time for all known later ones. */
  const highest = (first: number): number =>
    waiting.slice(first).reduce((gain, { allowed }, distance) => Math.min(gain, allowed + distance * ATTACK), 1);

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
  let highest = 1e-9; // not 0, which would allow an infinite gain
  for (const channel of [left, right]) for (const sample of channel) highest = max(highest, abs(sample));
  return highest;
}
