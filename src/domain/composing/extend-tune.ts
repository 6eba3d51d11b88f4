import { findAudibleNotes } from '../evaluation/features/audible-notes.js';
import { blankRoll, type PianoRoll } from '../roll/piano-roll.js';
import { addSeamOnsets } from '../roll/replace-columns.js';
import type { RollFormat } from '../roll/roll-format.js';
import type { GeneratedTune } from './choose-tune.js';

/** Composes a roll whose first `kept` columns are those of `begun`. `part` counts from 1. */
type ComposeContinuation = (begun: PianoRoll, kept: number, part: number) => Promise<GeneratedTune>;

/** Share of a roll that each section takes over from the music before it. */
const OVERLAP_SHARE = 1 / 4;

/**
 * Composes a tune longer than a roll. The last whole bars become the beginning of another roll, the rest of which is
 * composed to fit them, and so on. So each section continues the one before it, in its meter and at its bar lines.
 * @param columns length of the tune, a multiple of 8
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
    copyColumns({ cells: tune.roll.cells, format, at: from }, { cells: canvas.cells, format: whole, at }, count);
    copyColumns({ cells: tune.probabilities, format, at: from }, { cells: probabilities, format: whole, at }, count);
    return at + count;
  };
  const { bar, end } = measureBars(first.roll);
  let written = write(first, 0, end, 0);
  const seams = [];
  for (let part = 1; written < columns; part++) {
    const kept = Math.min(written, overlapColumns(format, bar));
    const begun = blankRoll(format);
    copyColumns(
      { cells: canvas.cells, format: whole, at: written - kept },
      { cells: begun.cells, format, at: 0 },
      kept,
    );
    const next = await composeOn(begun, kept, part);
    seams.push(written);
    const { end: nextEnd } = measureBars(next.roll, bar);
    written = write(next, kept, nextEnd > kept ? nextEnd : format.columns, written);
  }
  const roll = seams.reduce<PianoRoll>((joined, seam) => addSeamOnsets(joined, seam), canvas);
  return { roll, probabilities };
}

/** Columns that a section takes over: whole bars, if one fits. */
function overlapColumns({ columns }: RollFormat, bar: number): number {
  const limit = Math.floor(columns * OVERLAP_SHARE);
  return limit < bar ? limit : limit - (limit % bar);
}

/** The columns of a bar, and the end of the music: the bar line after its last note, or the end of the roll. */
function measureBars(roll: PianoRoll, known?: number): { readonly bar: number; readonly end: number } {
  const { length, columnsPerBar } = findAudibleNotes(roll);
  const bar = known ?? columnsPerBar;
  const { columns } = roll.format;
  const end = Math.ceil(length / bar) * bar;
  const wholeBars = columns < bar ? columns : columns - (columns % bar);
  return { bar, end: end === 0 || end > columns ? wholeBars : end };
}

/** Cells of a format, from column `at` on. */
interface CellColumns<T> {
  readonly cells: T;
  readonly format: RollFormat;
  readonly at: number;
}

function copyColumns(
  from: CellColumns<ArrayLike<number>>,
  to: CellColumns<Uint8Array | Float32Array>,
  count: number,
): void {
  const { channels, pitches } = from.format;
  for (let line = 0; line < channels.length * pitches; line++) {
    const [source, target] = [line * from.format.columns + from.at, line * to.format.columns + to.at];
    for (let column = 0; column < count; column++) to.cells[target + column] = from.cells[source + column]!;
  }
}
