import { createRowComparer } from './row-comparer.js';

type Predict = (left: number, above: number, aboveLeft: number) => number;

/** The five filters of PNG, by number: what is taken off a byte. */
const FILTERS: readonly Predict[] = [
  () => 0,
  (left) => left,
  (_left, above) => above,
  (left, above) => (left + above) >> 1,
  paeth,
];
const UP_FILTER = 2;

/** Puts a filter's number before each row of palette numbers; they are not smooth, so only "same as above" pays. */
export function filterIndexed(rows: Uint8Array, height: number): Uint8Array {
  const stride = rows.length / height;
  const equalsRowAbove = createRowComparer(rows, stride);
  const out = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const at = y * (stride + 1);
    if (y > 0 && equalsRowAbove(y)) out[at] = UP_FILTER;
    else out.set(rows.subarray(y * stride, (y + 1) * stride), at + 1);
  }
  return out;
}

/** Puts a filter's number before each row of true color and filters it. */
export function filterTruecolor(rows: Uint8Array, height: number, pixelBytes: number): Uint8Array {
  const stride = rows.length / height;
  const out = new Uint8Array((stride + 1) * height);
  let above: Uint8Array = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * stride, (y + 1) * stride);
    filterRow(row, above, pixelBytes, out.subarray(y * (stride + 1), (y + 1) * (stride + 1)));
    above = row;
  }
  return out;
}

/** The filter with the smallest sum of absolute differences, as the PNG specification advises. */
function filterRow(row: Uint8Array, above: Uint8Array, pixelBytes: number, target: Uint8Array): void {
  let least = Infinity;
  FILTERS.forEach((predict, number) => {
    const filtered = row.map((byte, i) => {
      const [left, aboveLeft] = i < pixelBytes ? [0, 0] : [row[i - pixelBytes]!, above[i - pixelBytes]!];
      return byte - predict(left, above[i]!, aboveLeft);
    });
    const sum = filtered.reduce((total, byte) => total + Math.min(byte, 256 - byte), 0);
    if (sum >= least) return;
    least = sum;
    target[0] = number;
    target.set(filtered, 1);
  });
}

/** The neighbour nearest to left + above - aboveLeft (Alan Paeth 1991). */
function paeth(left: number, above: number, aboveLeft: number): number {
  const guess = left + above - aboveLeft;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - aboveLeft)];
  if (a <= b && a <= c) return left;
  return b <= c ? above : aboveLeft;
}
