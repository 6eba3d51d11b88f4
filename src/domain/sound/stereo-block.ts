/** Frames a second of all sound. */
export const SAMPLE_RATE = 44_100;

/** Frames that are worked on together; the length of every sound is a multiple of it. */
export const RENDER_QUANTUM = 128;

/** A stretch of sound: two channels of the same length, full scale is -1..1. */
export interface StereoBlock {
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** Frames of a sound of at least so many seconds. */
export const framesForSeconds = (seconds: number): number =>
  Math.ceil((seconds * SAMPLE_RATE) / RENDER_QUANTUM) * RENDER_QUANTUM;
