/** Frames per second. */
export const SAMPLE_RATE = 44_100;

/** Frames that are processed together (a render quantum of Web Audio). The length of every sound is a multiple. */
export const RENDER_QUANTUM = 128;

/** A piece of sound: two channels of equal length; full scale is -1..1. */
export interface StereoBlock {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** Whole render quanta of at least so many seconds, in frames. */
export const framesForSeconds = (seconds: number): number =>
  Math.ceil((seconds * SAMPLE_RATE) / RENDER_QUANTUM) * RENDER_QUANTUM;
