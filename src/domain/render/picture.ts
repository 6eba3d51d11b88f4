/** Rows from the top, three bytes (red, green, blue) a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** width * height * 3 */
  readonly rgb: Uint8Array;
}

/** 0xrrggbb */
export type Colour = number;

export function blankPicture(width: number, height: number, colour: Colour): Picture {
  const picture = { width, height, rgb: new Uint8Array(width * height * 3) };
  fillRectangle(picture, 0, 0, width, height, colour);
  return picture;
}

/** Paints a rectangle; what lies outside the picture is left out. */
export function fillRectangle(
  { width, height, rgb }: Picture,
  left: number,
  top: number,
  across: number,
  down: number,
  colour: Colour,
): void {
  const [red, green, blue] = [colour >> 16, (colour >> 8) & 255, colour & 255];
  const [fromX, fromY] = [Math.max(0, left), Math.max(0, top)];
  const [right, bottom] = [Math.min(width, left + across), Math.min(height, top + down)];
  if (fromX >= right || fromY >= bottom) return;
  // A call that copies a row costs as much as painting ten pixels.
  const painted = right - fromX < NARROW ? bottom : fromY + 1;
  for (let y = fromY; y < painted; y++) {
    for (let at = (y * width + fromX) * 3, end = (y * width + right) * 3; at < end;) {
      rgb[at++] = red;
      rgb[at++] = green;
      rgb[at++] = blue;
    }
  }
  const [first, end] = [(fromY * width + fromX) * 3, (fromY * width + right) * 3];
  for (let y = painted; y < bottom; y++) rgb.copyWithin((y * width + fromX) * 3, first, end);
}

const NARROW = 10;

/** Copies a picture into another that it fits into. */
export function paste(into: Picture, part: Picture, left: number, top: number): void {
  for (let y = 0; y < part.height; y++) {
    const row = part.rgb.subarray(y * part.width * 3, (y + 1) * part.width * 3);
    into.rgb.set(row, ((top + y) * into.width + left) * 3);
  }
}

/** Between two colours: 0 gives the first, 1 the second. */
export function blend(from: Colour, to: Colour, share: number): Colour {
  const part = (shift: number): number => {
    const [a, b] = [(from >> shift) & 255, (to >> shift) & 255];
    return Math.round(a + (b - a) * share) << shift;
  };
  return part(16) | part(8) | part(0);
}
