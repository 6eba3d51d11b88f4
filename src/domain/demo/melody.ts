import type { Random } from '../random.js';
import { isChordTone, type ChordDegree } from './chord.js';
import type { Meter } from './meter.js';

/** Rhythm and contour of one bar. The chord may change the exact pitches. */
export interface Motif {
  /** Note lengths in eighths. */
  readonly rhythm: readonly number[];
  /** For each note, the interval from the note before it, in scale degrees. */
  readonly steps: readonly number[];
}

/** A note of the melody within its bar. */
export interface MelodyNote {
  /** 0 is the tonic, 7 the tonic an octave higher. */
  readonly degree: number;
  readonly startEighth: number;
  readonly durationEighths: number;
}

/** The lowest and the highest degree of a melody, both included. */
export interface DegreeRange {
  readonly low: number;
  readonly high: number;
}

/** A random motif of mostly seconds, with a third now and then, as in folk melodies. */
export function generateMotif(random: Random, rhythms: readonly (readonly number[])[]): Motif {
  const rhythm = rhythms[random.below(rhythms.length)]!;
  // Keeping the direction for a few notes gives runs and arches.
  let direction = random.below(2) === 0 ? 1 : -1;
  const steps = rhythm.map(() => {
    if (random.below(3) === 0) direction = -direction;
    return direction * STEP_SIZES[random.below(STEP_SIZES.length)]!;
  });
  return { rhythm, steps };
}

/** The inputs of a melody bar. */
interface MelodyBarPlan {
  readonly motif: Motif;
  readonly meter: Meter;
  readonly chord: ChordDegree;
  /** Degree of the last note before the bar. */
  readonly from: number;
  readonly range: DegreeRange;
  /** For a cadence: the bar ends on the nearest of these degrees, in any octave. */
  readonly goal?: readonly number[] | undefined;
}

/** Fits a motif to a chord: notes on strong beats are chord tones. */
export function generateMelodyBar({ motif, meter, chord, from, range, goal }: MelodyBarPlan): readonly MelodyNote[] {
  const notes: MelodyNote[] = [];
  let degree = from;
  let startEighth = 0;
  for (const [i, durationEighths] of motif.rhythm.entries()) {
    const before = degree;
    const wanted = reflectIntoRange(before, motif.steps[i]!, range);
    const isLast = i === motif.rhythm.length - 1;
    if (goal !== undefined && isLast) degree = nearestDegree(wanted, range, (d) => goal.some((g) => (d - g) % 7 === 0));
    else if (startEighth % meter.eighthsPerStrongBeat !== 0) degree = wanted;
    // If the motif moves, the pitch must change: in a roll without onsets, equal pitches would merge into one note.
    else degree = nearestDegree(wanted, range, (d) => isChordTone(chord, d) && (d !== before || wanted === before));
    notes.push({ degree, startEighth, durationEighths });
    startEighth += durationEighths;
  }
  return notes;
}

const STEP_SIZES = [1, 1, 1, 1, 1, 1, 0, 2];

/** The degree after a step; a step that would leave the range goes the other way. */
function reflectIntoRange(degree: number, step: number, { low, high }: DegreeRange): number {
  const wanted = degree + step;
  const reflected = wanted > high || wanted < low ? degree - step : wanted;
  return Math.min(high, Math.max(low, reflected));
}

/** The allowed degree nearest to `wanted`, the lower one of two; the range must contain one. */
function nearestDegree(wanted: number, { low, high }: DegreeRange, isAllowed: (degree: number) => boolean): number {
  for (let distance = 0; distance <= high - low; distance++) {
    for (const degree of [wanted - distance, wanted + distance]) {
      if (degree >= low && degree <= high && isAllowed(degree)) return degree;
    }
  }
  return wanted;
}
