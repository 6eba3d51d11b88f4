import { popCount, type RollBits } from './roll-bits.js';

/** Largest shift of one roll against the other. */
export interface ShiftRange {
  /** Semitones up or down. */
  readonly semitones: number;
  /** Columns right or left. */
  readonly columns: number;
}

/** All shifts at which two rolls of one format overlap. */
export const fullShiftRange = ({ pitches, columns }: RollBits): ShiftRange => ({
  semitones: pitches - 1,
  columns: columns - 1,
});

const { abs, max, min } = Math;

/**
 * The largest intersection over union of two rolls, one shifted by semitones and columns, if it exceeds `floor`; else
 * undefined. Cells that are shifted off the other roll count in the union, so a few notes are no copy of a whole tune.
 * Two blank rolls have 1. The search is exact: the counts of cells, rows and columns bound the intersection from above,
 * so few shifts have to be counted bit by bit.
 */
export function maxShiftedIou(a: RollBits, b: RollBits, floor: number, range: ShiftRange): number | undefined {
  const total = a.soundingCells + b.soundingCells;
  if (total === 0) return floor < 1 ? 1 : undefined;
  let best = floor;
  const iou = (both: number): number => both / (total - both);
  if (iou(min(a.soundingCells, b.soundingCells)) <= best) return undefined;
  const columnBounds = new Int32Array(2 * range.columns + 1).fill(-1);
  for (let step = 0; step <= 2 * range.semitones; step++) {
    const up = outwardOffset(step);
    const rows = rowBound(a, b, up);
    if (iou(rows) <= best) continue;
    for (let turn = 0; turn <= 2 * range.columns; turn++) {
      const right = outwardOffset(turn);
      if (columnBounds[turn]! < 0) columnBounds[turn] = columnBound(a, b, right);
      if (iou(min(rows, columnBounds[turn]!)) <= best) continue;
      const value = iou(intersection(a, b, up, right));
      if (value > best) best = value;
    }
  }
  return best > floor ? best : undefined;
}

/** 0, 1, -1, 2, -2 ...: small shifts first, where most copies are found. */
const outwardOffset = (step: number): number => (step % 2 === 0 ? -(step >> 1) : (step + 1) >> 1);

/** Upper bound of the intersection: the sum of min(count of row r of a, count of row r - up of b). */
function rowBound(a: RollBits, b: RollBits, up: number): number {
  let sum = 0;
  const last = min(a.pitches, b.pitches + up);
  for (let row = max(0, up); row < last; row++) {
    const [x, y] = [a.cellsPerRow[row]!, b.cellsPerRow[row - up]!];
    sum += x < y ? x : y;
  }
  return sum;
}

/** The same bound by columns. */
function columnBound(a: RollBits, b: RollBits, right: number): number {
  let sum = 0;
  const last = min(a.columns, b.columns + right);
  for (let column = max(0, right); column < last; column++) {
    const [x, y] = [a.cellsPerColumn[column]!, b.cellsPerColumn[column - right]!];
    sum += x < y ? x : y;
  }
  return sum;
}

/** Cells of `a` that are also in `b` moved up by `up` rows and right by `right` columns. */
function intersection(a: RollBits, b: RollBits, up: number, right: number): number {
  // countOverlap shifts words to the left only, so the roll that moves left is its second one.
  if (right > 0) return countOverlap(b, a, -up, right);
  return countOverlap(a, b, up, abs(right));
}

/** Cells that sound in row r, column c of `still` and in row r - up, column c + left of `moved`. */
function countOverlap(still: RollBits, moved: RollBits, up: number, left: number): number {
  const [skip, shift] = [left >> 5, left & 31];
  const { wordsPerRow } = moved;
  let sum = 0;
  const last = min(still.pitches, moved.pitches + up);
  for (let row = max(0, up); row < last; row++) {
    if (still.cellsPerRow[row] === 0 || moved.cellsPerRow[row - up] === 0) continue;
    const at = row * still.wordsPerRow;
    const from = (row - up) * wordsPerRow;
    for (let word = skip; word < wordsPerRow && word - skip < still.wordsPerRow; word++) {
      const fixed = still.bits[at + word - skip]!;
      if (fixed === 0) continue;
      const high = moved.bits[from + word]! << shift;
      const low = shift === 0 || word + 1 === wordsPerRow ? 0 : moved.bits[from + word + 1]! >>> (32 - shift);
      const both = fixed & (high | low);
      if (both !== 0) sum += popCount(both);
    }
  }
  return sum;
}
