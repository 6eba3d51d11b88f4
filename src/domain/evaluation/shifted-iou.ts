import { popCount, type RollBits } from './roll-bits.js';

/** How far one roll may be moved over the other. */
export interface ShiftRange {
  /** Semitones up or down. */
  readonly semitones: number;
  /** Columns right or left. */
  readonly columns: number;
}

/** All transpositions and shifts at which two rolls of one format can touch. */
export const fullShiftRange = ({ pitches, columns }: RollBits): ShiftRange => ({
  semitones: pitches - 1,
  columns: columns - 1,
});

const { abs, max, min } = Math;

/**
 * The greatest intersection over union of two rolls when one is moved up and down by semitones and right and left by
 * columns over the other, if it is more than `floor`; otherwise undefined. Cells that are moved off the other's frame
 * count for the union, so that a few notes are no copy of a tune that holds them. Two blank rolls are alike: 1.
 *
 * Exact, and fast by bounds: |A n B| is at most the smaller set, at most the smaller of each two rows' counts summed, at
 * most the smaller of each two columns' counts summed; few placements are left to be counted bit by bit.
 */
export function maxShiftedIou(a: RollBits, b: RollBits, floor: number, reach: ShiftRange): number | undefined {
  const total = a.soundingCells + b.soundingCells;
  if (total === 0) return floor < 1 ? 1 : undefined;
  let best = floor;
  const likeness = (both: number): number => both / (total - both);
  if (likeness(min(a.soundingCells, b.soundingCells)) <= best) return undefined;
  const columnBounds = new Int32Array(2 * reach.columns + 1).fill(-1);
  for (let step = 0; step <= 2 * reach.semitones; step++) {
    const up = outwardOffset(step);
    const rows = rowBound(a, b, up);
    if (likeness(rows) <= best) continue;
    for (let turn = 0; turn <= 2 * reach.columns; turn++) {
      const right = outwardOffset(turn);
      if (columnBounds[turn]! < 0) columnBounds[turn] = columnBound(a, b, right);
      if (likeness(min(rows, columnBounds[turn]!)) <= best) continue;
      const value = likeness(intersection(a, b, up, right));
      if (value > best) best = value;
    }
  }
  return best > floor ? best : undefined;
}

/** 0, 1, -1, 2, -2 ...: most copies lie near. */
const outwardOffset = (step: number): number => (step % 2 === 0 ? -(step >> 1) : (step + 1) >> 1);

/** Of row r of `a` and row r - up of `b`, the smaller count, summed. */
function rowBound(a: RollBits, b: RollBits, up: number): number {
  let sum = 0;
  const last = min(a.pitches, b.pitches + up);
  for (let row = max(0, up); row < last; row++) {
    const [x, y] = [a.cellsPerRow[row]!, b.cellsPerRow[row - up]!];
    sum += x < y ? x : y;
  }
  return sum;
}

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
  // Only the roll that is moved left has its words shifted; its columns before the first fall off.
  if (right > 0) return countOverlap(b, a, -up, right);
  return countOverlap(a, b, up, abs(right));
}

/** Cells of `still` that are also in `moved`, whose row r - up and column c + left lie on row r and column c. */
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
