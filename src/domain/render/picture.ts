/** An sRGB color as 0xrrggbb. */
export type Color = number;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Palette index of each color used so far, in the order of first use; at most 65,536 colors. */
  readonly palette: Map<Color, number>;
  /** [height, width] palette indices, top row first; one byte each while the palette has at most 256 colors. */
  pixels: Uint8Array | Uint16Array;
}

export const blankPicture = (width: number, height: number, color: Color): Picture => ({
  width,
  height,
  palette: new Map([[color, 0]]),
  pixels: new Uint8Array(width * height),
});

/** @param colors [height, width], top row first */
export function pictureFromColors(width: number, height: number, colors: ArrayLike<Color>): Picture {
  const picture = blankPicture(width, height, colors[0]!);
  for (let i = 0; i < width * height; i++) {
    const index = paletteIndexOf(picture, colors[i]!); // may replace picture.pixels, so it comes first
    picture.pixels[i] = index;
  }
  return picture;
}

/** The color of each pixel: [height, width], top row first. */
export function pixelColors({ palette, pixels }: Picture): Uint32Array {
  const colors = Uint32Array.from(palette.keys());
  const all = new Uint32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) all[i] = colors[pixels[i]!]!;
  return all;
}

/** Colors that still occur in the picture, in the order of first use. */
export function visibleColors({ palette, pixels }: Picture): readonly Color[] {
  const isVisible = new Uint8Array(palette.size);
  for (let i = 0; i < pixels.length; i++) isVisible[pixels[i]!] = 1;
  return [...palette.keys()].filter((_, index) => isVisible[index] === 1);
}

const MAX_COLORS = 65_536;

/** The palette index of a color, which is added if it is new. May replace `picture.pixels` by a wider array. */
function paletteIndexOf(picture: Picture, color: Color): number {
  const { palette } = picture;
  const known = palette.get(color);
  if (known !== undefined) return known;
  if (palette.size === MAX_COLORS) throw new Error(`a picture has at most ${MAX_COLORS} colors`);
  if (palette.size === 256) picture.pixels = Uint16Array.from(picture.pixels);
  palette.set(color, palette.size);
  return palette.size - 1;
}

/** A rectangle in pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Fills a rectangle, clipped to the picture. */
export function fillRectangle(picture: Picture, rectangle: Rectangle, color: Color): void {
  const { width } = picture;
  const from = Math.max(0, rectangle.left);
  const right = Math.min(width, rectangle.left + rectangle.width);
  const bottom = Math.min(picture.height, rectangle.top + rectangle.height);
  if (from >= right) return;
  const index = paletteIndexOf(picture, color);
  const { pixels } = picture;
  for (let y = Math.max(0, rectangle.top); y < bottom; y++) {
    const start = y * width + from;
    const end = y * width + right;
    // A call of fill takes as long as ten assignments.
    if (end - start > 10) pixels.fill(index, start, end);
    else for (let at = start; at < end; at++) pixels[at] = index;
  }
}

/** Draws vertical lines of one pixel, row by row: line by line, each pixel would be a cache miss. */
export function fillVerticalLines(
  picture: Picture,
  lines: readonly { readonly x: number; readonly color: Color }[],
  { top, height }: Pick<Rectangle, 'top' | 'height'>,
): void {
  const { width } = picture;
  const inside = lines.filter(({ x }) => x >= 0 && x < width);
  const columns = Int32Array.from(inside, ({ x }) => x);
  const indices = Uint16Array.from(inside, ({ color }) => paletteIndexOf(picture, color));
  const { pixels } = picture;
  const bottom = Math.min(picture.height, top + height);
  for (let y = Math.max(0, top); y < bottom; y++) {
    for (let i = 0; i < columns.length; i++) pixels[y * width + columns[i]!] = indices[i]!;
  }
}

/** Linear interpolation of two colors: `share` 0 gives `from`, 1 gives `to`. */
export function blend(from: Color, to: Color, share: number): Color {
  const part = (shift: number): number => {
    const [a, b] = [(from >> shift) & 255, (to >> shift) & 255];
    return Math.round(a + (b - a) * share) << shift;
  };
  return part(16) | part(8) | part(0);
}
