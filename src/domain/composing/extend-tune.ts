import { findAudibleNotes } from '../evaluation/features/audible-notes.js';
import { blankRoll, type PianoRoll } from '../roll/piano-roll.js';
import { addSeamOnsets } from '../roll/replace-columns.js';
import type { RollFormat } from '../roll/roll-format.js';
import type { GeneratedTune } from './choose-tune.js';

/** Composes on from the first `kept` columns of a roll; those stay. `part` counts from 1. */
export type ComposeContinuation = (begun: PianoRoll, kept: number, part: number) => Promise<GeneratedTune>;

/** Of a roll, how much of what was composed last the next section begins with. */
const OVERLAP_SHARE = 1 / 4;

/**
 * A tune longer than a roll: whole bars at the end of what there is stand at the start of another roll, the rest of which is
 * composed to fit them, and so on. So every section goes on from the one before, in its meter and at its bar lines.
 * @param columns of the whole, a multiple of 8
 */
export async function extendTune(
  first: GeneratedTune,
  columns: number,
  composeOn: ComposeContinuation,
): Promise<GeneratedTune> {
  const { format } = first.roll;
  const whole = { ...format, columns };
  const canvas = blankRoll(whole);
  const probabilities = new Float32Array(canvas.cells.length);
  const write = (tune: GeneratedTune, from: number, to: number, at: number): number => {
    const count = Math.min(to - from, columns - at);
    copyColumns(tune.roll.cells, format, from, canvas.cells, whole, at, count);
    copyColumns(tune.probabilities, format, from, probabilities, whole, at, count);
    return at + count;
  };
  const { bar, end } = measureBars(first.roll);
  let written = write(first, 0, end, 0);
  const seams = [];
  for (let part = 1; written < columns; part++) {
    const kept = Math.min(written, overlapColumns(format, bar));
    const begun = blankRoll(format);
    copyColumns(canvas.cells, whole, written - kept, begun.cells, format, 0, kept);
    const next = await composeOn(begun, kept, part);
    seams.push(written);
    const { end: reached } = measureBars(next.roll, bar);
    written = write(next, kept, reached > kept ? reached : format.columns, written);
  }
  const roll = seams.reduce<PianoRoll>((joined, seam) => addSeamOnsets(joined, seam), canvas);
  return { roll, probabilities };
}

/** Whole bars, where one fits. */
function overlapColumns({ columns }: RollFormat, bar: number): number {
  const most = Math.floor(columns * OVERLAP_SHARE);
  return most < bar ? most : most - (most % bar);
}

/** The columns of a bar, and where the music ends: at the bar line after its last note, or where the roll does. */
function measureBars(roll: PianoRoll, known?: number): { readonly bar: number; readonly end: number } {
  const { length, columnsPerBar } = findAudibleNotes(roll);
  const bar = known ?? columnsPerBar;
  const { columns } = roll.format;
  const end = Math.ceil(length / bar) * bar;
  const whole = columns < bar ? columns : columns - (columns % bar);
  return { bar, end: end === 0 || end > columns ? whole : end };
}

function copyColumns(
  from: ArrayLike<number>,
  fromFormat: RollFormat,
  fromColumn: number,
  to: Uint8Array | Float32Array,
  toFormat: RollFormat,
  toColumn: number,
  count: number,
): void {
  for (let line = 0; line < fromFormat.channels.length * fromFormat.pitches; line++) {
    const [source, target] = [line * fromFormat.columns + fromColumn, line * toFormat.columns + toColumn];
    for (let column = 0; column < count; column++) to[target + column] = from[source + column]!;
  }
}
