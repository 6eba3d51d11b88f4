/** 0xrrggbb */
export type Colour = number;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** width * height colours, rows from the top. */
  readonly pixels: Uint32Array;
}

export const blankPicture = (width: number, height: number, colour: Colour): Picture => ({
  width,
  height,
  pixels: new Uint32Array(width * height).fill(colour),
});

/** Paints a rectangle; what lies outside the picture is left out. */
export function fillRectangle(
  { width, height, pixels }: Picture,
  left: number,
  top: number,
  across: number,
  down: number,
  colour: Colour,
): void {
  const [from, right] = [Math.max(0, left), Math.min(width, left + across)];
  const bottom = Math.min(height, top + down);
  if (from >= right) return;
  for (let y = Math.max(0, top); y < bottom; y++) {
    const [start, end] = [y * width + from, y * width + right];
    // The call takes as long as painting ten pixels one by one.
    if (end - start > 10) pixels.fill(colour, start, end);
    else for (let at = start; at < end; at++) pixels[at] = colour;
  }
}

/** Copies a picture into another that it fits into. */
export function paste(into: Picture, part: Picture, left: number, top: number): void {
  for (let y = 0; y < part.height; y++) {
    const row = part.pixels.subarray(y * part.width, (y + 1) * part.width);
    into.pixels.set(row, (top + y) * into.width + left);
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
