/** 0xrrggbb */
export type Color = number;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** The colors that were used so far, at most 65,536, and their numbers: 0, 1, ... */
  readonly palette: Map<Color, number>;
  /** width * height numbers of colors, rows from the top: a byte each while there are no more than 256. */
  pixels: Uint8Array | Uint16Array;
}

export const blankPicture = (width: number, height: number, color: Color): Picture => ({
  width,
  height,
  palette: new Map([[color, 0]]),
  pixels: new Uint8Array(width * height),
});

/** @param colors rows from the top */
export function pictureFromColors(width: number, height: number, colors: ArrayLike<Color>): Picture {
  const picture = blankPicture(width, height, colors[0]!);
  for (let i = 0; i < width * height; i++) {
    const number = paletteIndexOf(picture, colors[i]!); // before the pixels are looked up: it may change their array
    picture.pixels[i] = number;
  }
  return picture;
}

/** width * height colors, rows from the top. */
export function pixelColors({ palette, pixels }: Picture): Uint32Array {
  const colors = Uint32Array.from(palette.keys());
  const all = new Uint32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) all[i] = colors[pixels[i]!]!;
  return all;
}

/** Those that were not painted over, in the order in which they were first used. */
export function visibleColors({ palette, pixels }: Picture): readonly Color[] {
  const isSeen = new Uint8Array(palette.size);
  for (let i = 0; i < pixels.length; i++) isSeen[pixels[i]!] = 1;
  return [...palette.keys()].filter((_, number) => isSeen[number] === 1);
}

const MAX_COLORS = 65_536;

/** A new color may change the array that holds the pixels. */
function paletteIndexOf(picture: Picture, color: Color): number {
  const { palette } = picture;
  const known = palette.get(color);
  if (known !== undefined) return known;
  if (palette.size === MAX_COLORS) throw new Error(`a picture has at most ${MAX_COLORS} colors`);
  if (palette.size === 256) picture.pixels = Uint16Array.from(picture.pixels);
  palette.set(color, palette.size);
  return palette.size - 1;
}

/** Paints a rectangle; what lies outside the picture is left out. */
export function fillRectangle(
  picture: Picture,
  left: number,
  top: number,
  across: number,
  down: number,
  color: Color,
): void {
  const { width, height } = picture;
  const from = Math.max(0, left);
  const right = Math.min(width, left + across);
  const bottom = Math.min(height, top + down);
  if (from >= right) return;
  const number = paletteIndexOf(picture, color);
  const { pixels } = picture;
  for (let y = Math.max(0, top); y < bottom; y++) {
    const start = y * width + from;
    const end = y * width + right;
    // The call takes as long as painting ten pixels one by one.
    if (end - start > 10) pixels.fill(number, start, end);
    else for (let at = start; at < end; at++) pixels[at] = number;
  }
}

/** Paints lines of one pixel from top to bottom, row by row: one line after the other would wait for memory at each pixel. */
export function fillVerticalLines(
  picture: Picture,
  lines: readonly { readonly x: number; readonly color: Color }[],
  top: number,
  down: number,
): void {
  const { width, height } = picture;
  const inside = lines.filter(({ x }) => x >= 0 && x < width);
  const places = Int32Array.from(inside, ({ x }) => x);
  const numbers = Uint16Array.from(inside, ({ color }) => paletteIndexOf(picture, color));
  const { pixels } = picture;
  const bottom = Math.min(height, top + down);
  for (let y = Math.max(0, top); y < bottom; y++) {
    for (let i = 0; i < places.length; i++) pixels[y * width + places[i]!] = numbers[i]!;
  }
}

/** Between two colors: 0 gives the first, 1 the second. */
export function blend(from: Color, to: Color, share: number): Color {
  const part = (shift: number): number => {
    const [a, b] = [(from >> shift) & 255, (to >> shift) & 255];
    return Math.round(a + (b - a) * share) << shift;
  };
  return part(16) | part(8) | part(0);
}
