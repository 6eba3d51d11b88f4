type Predict = (left: number, above: number, aboveLeft: number) => number;

/** The five filters of PNG, by number: what is taken off a byte. */
const FILTERS: readonly Predict[] = [
  () => 0,
  (left) => left,
  (_left, above) => above,
  (left, above) => (left + above) >> 1,
  paeth,
];

/**
 * Puts a filter's number before each row and filters it.
 * @param pixelBytes bytes a pixel of true colour; `indexed` numbers are not smooth, so only `same as above` pays
 */
export function filterRows(rows: Uint8Array, height: number, pixelBytes: number | 'indexed'): Uint8Array {
  const stride = rows.length / height;
  const out = new Uint8Array((stride + 1) * height);
  let above = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * stride, (y + 1) * stride);
    const target = out.subarray(y * (stride + 1), (y + 1) * (stride + 1));
    if (pixelBytes === 'indexed') filterIndexed(row, above, y > 0, target);
    else filterSmooth(row, above, pixelBytes, target);
    above = row as Uint8Array<ArrayBuffer>;
  }
  return out;
}

function filterIndexed(row: Uint8Array, above: Uint8Array, hasAbove: boolean, target: Uint8Array): void {
  if (hasAbove && row.every((byte, i) => byte === above[i])) target[0] = 2;
  else target.set(row, 1);
}

/** The filter with the smallest sum of absolute differences, as the PNG specification advises. */
function filterSmooth(row: Uint8Array, above: Uint8Array, pixelBytes: number, target: Uint8Array): void {
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
