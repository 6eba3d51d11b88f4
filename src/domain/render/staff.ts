/** Rows and beats of a staff, and the pixels that each takes. */
export interface StaffMetrics {
  readonly lowestPitch: number;
  /** Rows, one for each pitch. */
  readonly pitches: number;
  readonly rowHeight: number;
  readonly beatWidth: number;
}

/** A time span of music, in quarter notes from its start. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** A time span of the music in a picture: pitches from the top row down, beats from left to right. In pixels. */
export interface Staff extends StaffMetrics, TimeSpan {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** @param scale pixels of half a beat; a row is one and a half times as high */
export const staffMetrics = (
  { lowestPitch, pitches }: Pick<StaffMetrics, 'lowestPitch' | 'pitches'>,
  scale: number,
): StaffMetrics => ({
  lowestPitch,
  pitches,
  rowHeight: Math.max(1, Math.round(1.5 * scale)),
  beatWidth: 2 * scale,
});

export function createStaff(
  { lowestPitch, pitches, rowHeight, beatWidth }: StaffMetrics,
  { from, to }: TimeSpan,
  { left, top }: Pick<Staff, 'left' | 'top'>,
): Staff {
  const [width, height] = [Math.ceil((to - from) * beatWidth), pitches * rowHeight];
  return { lowestPitch, pitches, rowHeight, beatWidth, from, to, left, top, width, height };
}

/** Top pixel of a pitch's row. */
export const pitchTop = ({ top, lowestPitch, pitches, rowHeight }: Staff, pitch: number): number =>
  top + (pitches - 1 - (pitch - lowestPitch)) * rowHeight;

/** The pixel column at which a beat starts. */
export const beatLeft = ({ left, from, beatWidth }: Staff, beat: number): number =>
  left + Math.round((beat - from) * beatWidth);

/** Whether a pitch has a row. */
export const hasPitch = ({ lowestPitch, pitches }: StaffMetrics, pitch: number): boolean =>
  pitch >= lowestPitch && pitch < lowestPitch + pitches;
