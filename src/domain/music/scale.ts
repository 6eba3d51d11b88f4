/** Semitones from the tonic to each degree. */
export const SCALES = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  mixolydian: [0, 2, 4, 5, 7, 9, 10],
} as const satisfies Readonly<Record<string, readonly number[]>>;
export type ScaleName = keyof typeof SCALES;

/** A scale on a tonic. */
export interface ScaleOnTonic {
  /** MIDI pitch of degree 0. */
  readonly tonicPitch: number;
  readonly scale: ScaleName;
}

/** The MIDI pitch of a degree: 0 is the tonic, 7 the tonic an octave higher, -1 the degree below the tonic. */
export function pitchOfDegree({ tonicPitch, scale }: ScaleOnTonic, degree: number): number {
  const octave = Math.floor(degree / 7);
  return tonicPitch + 12 * octave + SCALES[scale][degree - 7 * octave]!;
}

/** Whether the scale contains the pitch, in any octave. */
export const isInKey = ({ tonicPitch, scale }: ScaleOnTonic, pitch: number): boolean =>
  (SCALES[scale] as readonly number[]).includes((((pitch - tonicPitch) % 12) + 12) % 12);

/** The key signature; `sharps` is negative for flats. */
export function keySignatureOf({ tonicPitch, scale }: ScaleOnTonic): {
  readonly sharps: number;
  readonly mode: 'major' | 'minor';
} {
  // A mode has the signature of its relative major: 3 semitones above minor, 10 above dorian, 5 above mixolydian.
  const major = (tonicPitch + { major: 0, minor: 3, dorian: 10, mixolydian: 5 }[scale]) % 12;
  const fifths = (major * 7) % 12; // a fifth is 7 semitones, and 7 is its own inverse modulo 12
  return {
    sharps: fifths > 6 ? fifths - 12 : fifths,
    mode: scale === 'major' || scale === 'mixolydian' ? 'major' : 'minor',
  };
}
