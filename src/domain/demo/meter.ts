/** A meter in eighth notes, which are the columns of the default roll. */
export interface Meter {
  readonly numerator: number;
  readonly denominator: number;
  /** Eighths in a bar. */
  readonly eighthsPerBar: number;
  /** Eighths between strong beats, on which the melody has a chord tone. */
  readonly eighthsPerStrongBeat: number;
  /** Rhythms of one bar: note lengths in eighths. */
  readonly rhythms: readonly (readonly number[])[];
  /** Rhythms of the last bar of a phrase, which end with a long note. */
  readonly endingRhythms: readonly (readonly number[])[];
}

/** Meters of folk tunes: reels and hornpipes, waltzes, jigs. */
export const METERS: readonly Meter[] = [
  {
    numerator: 4,
    denominator: 4,
    eighthsPerBar: 8,
    eighthsPerStrongBeat: 4,
    rhythms: [
      [2, 2, 2, 2],
      [2, 1, 1, 2, 2],
      [2, 2, 2, 1, 1],
      [1, 1, 1, 1, 2, 2],
      [2, 1, 1, 2, 1, 1],
      [1, 1, 1, 1, 1, 1, 1, 1],
      [3, 1, 2, 2],
      [3, 1, 3, 1],
    ],
    endingRhythms: [
      [2, 2, 4],
      [1, 1, 2, 4],
      [2, 6],
      [4, 4],
    ],
  },
  {
    numerator: 3,
    denominator: 4,
    eighthsPerBar: 6,
    eighthsPerStrongBeat: 6,
    rhythms: [
      [2, 2, 2],
      [2, 1, 1, 2],
      [4, 2],
      [3, 1, 2],
      [2, 2, 1, 1],
      [1, 1, 1, 1, 2],
    ],
    endingRhythms: [[2, 4], [1, 1, 4], [6]],
  },
  {
    numerator: 6,
    denominator: 8,
    eighthsPerBar: 6,
    eighthsPerStrongBeat: 3,
    rhythms: [
      [1, 1, 1, 1, 1, 1],
      [2, 1, 2, 1],
      [2, 1, 1, 1, 1],
      [1, 1, 1, 2, 1],
      [3, 2, 1],
      [3, 1, 1, 1],
    ],
    endingRhythms: [
      [3, 3],
      [1, 1, 1, 3],
      [2, 1, 3],
    ],
  },
];
