/** 0xrrggbb */
export type Colour = number;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** The colours that were used so far, at most 65,536, and their numbers: 0, 1, ... */
  readonly numbers: Map<Colour, number>;
  /** width * height numbers of colours, rows from the top. */
  readonly pixels: Uint16Array;
}

export const blankPicture = (width: number, height: number, colour: Colour): Picture => ({
  width,
  height,
  numbers: new Map([[colour, 0]]),
  pixels: new Uint16Array(width * height),
});

/** @param colours rows from the top */
export function pictureOf(width: number, height: number, colours: ArrayLike<Colour>): Picture {
  const picture = blankPicture(width, height, colours[0]!);
  for (let i = 0; i < width * height; i++) picture.pixels[i] = numberOf(picture, colours[i]!);
  return picture;
}

/** width * height colours, rows from the top. */
export function coloursOf({ numbers, pixels }: Picture): Uint32Array {
  const colours = [...numbers.keys()];
  return Uint32Array.from(pixels, (number) => colours[number]!);
}

const MOST_COLOURS = 65_536;

function numberOf({ numbers }: Picture, colour: Colour): number {
  const known = numbers.get(colour);
  if (known !== undefined) return known;
  if (numbers.size === MOST_COLOURS) throw new Error(`a picture has at most ${MOST_COLOURS} colours`);
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
  const { width, height, pixels } = picture;
  const [from, right] = [Math.max(0, left), Math.min(width, left + across)];
  const bottom = Math.min(height, top + down);
  if (from >= right) return;
  const number = numberOf(picture, colour);
  for (let y = Math.max(0, top); y < bottom; y++) {
    const [start, end] = [y * width + from, y * width + right];
    // The call takes as long as painting ten pixels one by one.
    if (end - start > 10) pixels.fill(number, start, end);
    else for (let at = start; at < end; at++) pixels[at] = number;
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
