/**
 * Compares rows of pixels with the row above, in steps of four bytes where the memory allows it: most pictures are of
 * rows that repeat, and bytewise comparison would take a third of their encoding.
 * @param stride bytes from one row to the next
 * @returns whether row y, 1 or more, equals row y - 1
 */
export function createRowComparer(rows: ArrayBufferView, stride: number): (y: number) => boolean {
  const isAligned = stride % 4 === 0 && rows.byteOffset % 4 === 0 && rows.byteLength % 4 === 0;
  const units = isAligned
    ? new Uint32Array(rows.buffer, rows.byteOffset, rows.byteLength / 4)
    : new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  const length = stride / units.BYTES_PER_ELEMENT;
  return (y) => {
    const start = y * length;
    for (let i = start; i < start + length; i++) if (units[i] !== units[i - length]) return false;
    return true;
  };
}
