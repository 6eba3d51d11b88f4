import { fillRectangle, type Color, type Picture } from './picture.js';
import type { Theme } from './theme.js';
import { drawTitle, fitTitle, TITLE_GLYPH_SIZE, titleWidth } from './title-text.js';

/** The heading above the staves of a sheet: the title at the left, the legend at the right. */
export interface SheetHeading {
  readonly title: string;
  /** The drawn voices and their colors. */
  readonly legend: readonly { readonly name: string; readonly color: Color }[];
}

/** A voice; without a color, the number of voices that are not shown. */
interface LegendEntry {
  readonly name: string;
  readonly color: Color | undefined;
}

/** Dots of a letter and the gap after it. */
const LETTER_WIDTH = TITLE_GLYPH_SIZE.width + 1;
/** A picture of short music is widened for its heading, up to this many letters. */
const MAX_HEADING_LETTERS = 48;
const MAX_NAME_LETTERS = 20;
/** Sizes in a legend, in dots of the font. */
const [SWATCH_SIZE, NAME_GAP, ENTRY_GAP] = [TITLE_GLYPH_SIZE.height - 1, 3, 8];

/** Width in pixels that a sheet gives to its heading. */
export const headingWidth = ({ title, legend }: SheetHeading, scale: number): number =>
  Math.min(
    titleWidth(title, scale) + legendWidth(legendEntries(legend, scale), scale),
    MAX_HEADING_LETTERS * LETTER_WIDTH * scale,
  );

/**
 * Draws the title from `left` on and the legend up to `right`. Voices for which there is no room are only counted.
 * @param scale pixels of a dot
 */
export function drawHeading(
  picture: Picture,
  { title, legend }: SheetHeading,
  { left, right, top }: { readonly left: number; readonly right: number; readonly top: number },
  scale: number,
  theme: Theme,
): void {
  const room = right - left;
  const forTitle = Math.min(titleWidth(title, scale), Math.floor(room / 3));
  const entries = fitLegend(legend, scale, room - forTitle);
  let at = right - legendWidth(entries, scale) + ENTRY_GAP * scale;
  const shownTitle = fitTitle(title, scale, at - ENTRY_GAP * scale - left);
  drawTitle(picture, shownTitle, { left, top, scale, color: theme.title });
  const size = SWATCH_SIZE * scale;
  for (const { name, color } of entries) {
    if (color !== undefined) fillRectangle(picture, { left: at, top, width: size, height: size }, color);
    const indent = color === undefined ? 0 : (SWATCH_SIZE + NAME_GAP) * scale;
    drawTitle(picture, name, { left: at + indent, top, scale, color: theme.label });
    at += entryWidth({ name, color }, scale);
  }
}

function fitLegend(legend: SheetHeading['legend'], scale: number, width: number): readonly LegendEntry[] {
  const all = legendEntries(legend, scale);
  for (let shown = all.length; shown > 0; shown--) {
    const more = { name: `+${all.length - shown}`, color: undefined };
    const entries = shown === all.length ? all : [...all.slice(0, shown), more];
    if (legendWidth(entries, scale) <= width) return entries;
  }
  return [];
}

const legendEntries = (legend: SheetHeading['legend'], scale: number): readonly LegendEntry[] =>
  legend.map(({ name, color }) => ({ name: fitTitle(name, scale, MAX_NAME_LETTERS * LETTER_WIDTH * scale), color }));

const legendWidth = (entries: readonly LegendEntry[], scale: number): number =>
  entries.reduce((width, entry) => width + entryWidth(entry, scale), 0);

const entryWidth = ({ name, color }: LegendEntry, scale: number): number =>
  titleWidth(name, scale) + (ENTRY_GAP + (color === undefined ? 0 : SWATCH_SIZE + NAME_GAP)) * scale;
