/** 0xrrggbb */
export type Colour = number;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** The colours that were used so far, at most 65,536, and their numbers: 0, 1, ... */
  readonly numbers: Map<Colour, number>;
  /** width * height numbers of colours, rows from the top: a byte each while there are no more than 256. */
  pixels: Uint8Array | Uint16Array;
}

export const blankPicture = (width: number, height: number, colour: Colour): Picture => ({
  width,
  height,
  numbers: new Map([[colour, 0]]),
  pixels: new Uint8Array(width * height),
});

/** @param colours rows from the top */
export function pictureOf(width: number, height: number, colours: ArrayLike<Colour>): Picture {
  const picture = blankPicture(width, height, colours[0]!);
  for (let i = 0; i < width * height; i++) {
    const number = numberOf(picture, colours[i]!); // before the pixels are looked up: it may change their array
    picture.pixels[i] = number;
  }
  return picture;
}

/** width * height colours, rows from the top. */
export function coloursOf({ numbers, pixels }: Picture): Uint32Array {
  const colours = Uint32Array.from(numbers.keys());
  const all = new Uint32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) all[i] = colours[pixels[i]!]!;
  return all;
}

/** Those that were not painted over, in the order in which they were first used. */
export function visibleColours({ numbers, pixels }: Picture): readonly Colour[] {
  const isSeen = new Uint8Array(numbers.size);
  for (let i = 0; i < pixels.length; i++) isSeen[pixels[i]!] = 1;
  return [...numbers.keys()].filter((_, number) => isSeen[number] === 1);
}

const MOST_COLOURS = 65_536;

/** A new colour may change the array that holds the pixels. */
function numberOf(picture: Picture, colour: Colour): number {
  const { numbers } = picture;
  const known = numbers.get(colour);
  if (known !== undefined) return known;
  if (numbers.size === MOST_COLOURS) throw new Error(`a picture has at most ${MOST_COLOURS} colours`);
  if (numbers.size === 256) picture.pixels = Uint16Array.from(picture.pixels);
  numbers.set(colour, numbers.size);
  return numbers.size - 1;
}

/** Paints a rectangle; what lies outside the picture is left out. */
export function fillRectangle(
  picture: Picture,
  left: number,
  top: number,
  across: number,
  down: number,
  colour: Colour,
): void {
  const { width, height } = picture;
  const from = Math.max(0, left);
  const right = Math.min(width, left + across);
  const bottom = Math.min(height, top + down);
  if (from >= right) return;
  const number = numberOf(picture, colour);
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
export function fillColumns(
  picture: Picture,
  lines: readonly { readonly x: number; readonly colour: Colour }[],
  top: number,
  down: number,
): void {
  const { width, height } = picture;
  const inside = lines.filter(({ x }) => x >= 0 && x < width);
  const places = Int32Array.from(inside, ({ x }) => x);
  const numbers = Uint16Array.from(inside, ({ colour }) => numberOf(picture, colour));
  const { pixels } = picture;
  const bottom = Math.min(height, top + down);
  for (let y = Math.max(0, top); y < bottom; y++) {
    for (let i = 0; i < places.length; i++) pixels[y * width + places[i]!] = numbers[i]!;
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
