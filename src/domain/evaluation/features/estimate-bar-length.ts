import type { AudibleNote } from './audible-note.js';

/**
 * The columns of a bar. A roll has no time signature, so its bar is 3 beats (3/4, 6/8) or 4 (4/4, 2/4) long, whichever its
 * onsets repeat after: the autocorrelation of how many notes start in each column, a bar and two bars later (Brown 1993,
 * "Determination of the meter of musical scores by autocorrelation"). 4 beats where that says nothing.
 *
 * Of 821 real tunes whose signature says one or the other it finds the right one for 98 % with sustains alone and 99 %
 * with onsets. The likeness of what sounds would not do: it falls with the lag, so that 3 beats nearly always win.
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
