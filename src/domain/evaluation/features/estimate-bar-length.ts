import type { AudibleNote } from './audible-note.js';

/**
 * Columns of a bar: 3 beats (3/4, 6/8) or 4 (4/4, 2/4), whichever has the larger autocorrelation of note onsets at lags
 * of one and two bars (Brown 1993, "Determination of the meter of musical scores by autocorrelation"); 4 in case of a
 * tie. Figures are in docs/evaluation.md. The similarity of sounding cells would not do, because it falls with the lag.
 */
export function estimateBarLength(notes: readonly AudibleNote[], length: number, columnsPerBeat: number): number {
  const onsets = new Uint16Array(length);
  for (const { start } of notes) onsets[start]!++;
  const first = notes[0]?.start ?? 0;
  const regularity = (bar: number): number =>
    onsetAutocorrelation(onsets, first, bar) + onsetAutocorrelation(onsets, first, 2 * bar);
  return regularity(3 * columnsPerBeat) > regularity(4 * columnsPerBeat) ? 3 * columnsPerBeat : 4 * columnsPerBeat;
}

/** Mean of n(c) n(c + lag) over the columns from `first` on. */
function onsetAutocorrelation(onsets: Uint16Array, first: number, lag: number): number {
  let sum = 0;
  for (let column = first; column + lag < onsets.length; column++) sum += onsets[column]! * onsets[column + lag]!;
  return sum / (onsets.length - lag - first > 1 ? onsets.length - lag - first : 1);
}
