import type { Random } from '../random.js';
import { isChordTone, type ChordDegree } from './chord.js';
import type { Meter } from './meter.js';

/** A bar's idea: how long its notes are and where each goes from the one before. Chords bend it, its shape stays. */
export interface Motif {
  /** In eighths. */
  readonly rhythm: readonly number[];
  /** In scale degrees; one a note. */
  readonly steps: readonly number[];
}

/** A note of the melody within its bar. */
export interface MelodyNote {
  /** 0 is the tonic, 7 the tonic above. */
  readonly degree: number;
  readonly startEighth: number;
  readonly durationEighths: number;
}

/** The lowest and highest degree that a melody may touch, both included. */
export interface DegreeRange {
  readonly low: number;
  readonly high: number;
}

/** Mostly stepwise: folk melodies move by seconds, with a third now and then. */
export function generateMotif(random: Random, rhythms: readonly (readonly number[])[]): Motif {
  const rhythm = rhythms[random.below(rhythms.length)]!;
  // A direction that is kept for a few notes gives runs and arches instead of a shiver.
  let direction = random.below(2) === 0 ? 1 : -1;
  const steps = rhythm.map(() => {
    if (random.below(3) === 0) direction = -direction;
    return direction * STEP_SIZES[random.below(STEP_SIZES.length)]!;
  });
  return { rhythm, steps };
}

/**
 * Sings a motif over a chord, starting from the melody's last note. Strong places are on notes of the chord.
 *
 * @param goal where the bar must end, for a cadence: one of these degrees, in any octave, the nearest
 */
export function generateMelodyBar(
  motif: Motif,
  meter: Meter,
  chord: ChordDegree,
  from: number,
  compass: DegreeRange,
  goal?: readonly number[],
): readonly MelodyNote[] {
  const notes: MelodyNote[] = [];
  let degree = from;
  let startEighth = 0;
  for (const [i, durationEighths] of motif.rhythm.entries()) {
    const before = degree;
    const wanted = reflectIntoRange(before, motif.steps[i]!, compass);
    const isLast = i === motif.rhythm.length - 1;
    if (goal !== undefined && isLast)
      degree = nearestDegree(wanted, compass, (d) => goal.some((g) => (d - g) % 7 === 0));
    else if (startEighth % meter.eighthsPerStrongBeat !== 0) degree = wanted;
    // A note that is to move must not be pulled back to where it was: in a roll it would merge with the one before.
    else degree = nearestDegree(wanted, compass, (d) => isChordTone(chord, d) && (d !== before || wanted === before));
    notes.push({ degree, startEighth, durationEighths });
    startEighth += durationEighths;
  }
  return notes;
}

const STEP_SIZES = [1, 1, 1, 1, 1, 1, 0, 2];

/** A step that would leave the compass goes the other way. */
function reflectIntoRange(degree: number, step: number, { low, high }: DegreeRange): number {
  const wanted = degree + step;
  const turned = wanted > high || wanted < low ? degree - step : wanted;
  return Math.min(high, Math.max(low, turned));
}

/** The degree nearest to `wanted` that is allowed, the lower of two; compasses hold at least one. */
function nearestDegree(wanted: number, { low, high }: DegreeRange, allowed: (degree: number) => boolean): number {
  for (let distance = 0; distance <= high - low; distance++) {
    for (const degree of [wanted - distance, wanted + distance]) {
      if (degree >= low && degree <= high && allowed(degree)) return degree;
    }
  }
  return wanted;
}
