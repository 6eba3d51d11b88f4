import { blankPicture, fillVerticalLines, fillRectangle, type Picture } from './picture.js';
import { drawLabel, LABEL_GLYPH_SIZE, labelWidth } from './axis-label.js';
import type { Theme } from './theme.js';
import { drawTitle, fitTitle, TITLE_GLYPH_SIZE, titleWidth } from './title-text.js';
import type { Color } from './picture.js';

/** One line of a sheet: a stretch of time. Beats count from the start of the music; they are quarter notes. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
  /** Bar lines carry their bar's number. */
  readonly lines: readonly { readonly beat: number; readonly bar: number | undefined }[];
}

/** What all staves of a sheet share. */
export interface SheetMetrics {
  readonly lowestPitch: number;
  readonly pitches: number;
  /** Pixels of a pitch, and of a beat. */
  readonly rowHeight: number;
  readonly beatWidth: number;
  /** Of letters. */
  readonly textScale: number;
}

/** Where the notes of one stretch stand in the picture, in pixels. */
export interface Staff {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

export interface SheetHeading {
  readonly title: string;
  /** Names with their colors, at the right. */
  readonly legend: readonly { readonly name: string; readonly color: Color }[];
}

export interface Sheet {
  readonly picture: Picture;
  readonly staves: readonly Staff[];
}

/** Pitch classes of the black keys. */
const BLACK_KEYS: readonly number[] = [1, 3, 6, 8, 10];
const MARGIN = 4;
/** Letters of a heading for which a picture of short music is made wider than the music. */
const MAX_HEADING_LETTERS = 48;
/** Of these, those of a voice's name. */
const MAX_NAME_LETTERS = 20;

/** An empty sheet: heading, and for each stretch a stave with key shading, beat, bar and octave lines and labels. */
export function drawEmptySheet(
  stretches: readonly TimeSpan[],
  measures: SheetMetrics,
  theme: Theme,
  heading: SheetHeading,
): Sheet {
  const { rowHeight, pitches, beatWidth, textScale: text } = measures;
  const left = labelWidth('C-1', text) + 6;
  const height = pitches * rowHeight;
  const staveHeight = height + LABEL_GLYPH_SIZE.height * text + 8;
  const headingWidth = Math.min(
    titleAndLegendWidth(heading, text),
    MAX_HEADING_LETTERS * (TITLE_GLYPH_SIZE.width + 1) * text,
  );
  const hasHeading = heading.title !== '' || heading.legend.length > 0;
  const top = MARGIN + (hasHeading ? TITLE_GLYPH_SIZE.height * text + 4 * text : 0);
  const widths = stretches.map(({ from, to }) => Math.ceil((to - from) * beatWidth));
  const picture = blankPicture(
    left + Math.max(1, headingWidth, ...widths) + MARGIN,
    top + Math.max(1, stretches.length) * staveHeight,
    theme.paper,
  );
  if (hasHeading) drawHeading(picture, heading, left, text, theme);
  const staves = stretches.map((stretch, i) => {
    const stave = { ...stretch, left, top: top + i * staveHeight, width: widths[i]!, height };
    drawPitchGrid(picture, stave, measures, theme);
    drawTimeGrid(picture, stave, stretch, measures, theme);
    return { left, top: stave.top, width: stave.width, height, from: stretch.from, to: stretch.to };
  });
  return { picture, staves };
}

/** Top pixel of a pitch's row. */
export const pitchTop = (stave: Staff, { lowestPitch, pitches, rowHeight }: SheetMetrics, pitch: number): number =>
  stave.top + (pitches - 1 - (pitch - lowestPitch)) * rowHeight;

/** The title at the left, the voices at the right; of too many voices the last are counted only. */
function drawHeading(
  picture: Picture,
  { title, legend }: SheetHeading,
  left: number,
  scale: number,
  theme: Theme,
): void {
  const room = picture.width - MARGIN - left;
  const forTitle = Math.min(titleWidth(title, scale), Math.floor(room / 3));
  const entries = fitLegend(legend, scale, room - forTitle);
  let at = picture.width - MARGIN - legendWidth(entries, scale) + ENTRY_GAP * scale;
  drawTitle(picture, fitTitle(title, scale, at - ENTRY_GAP * scale - left), left, MARGIN, scale, theme.title);
  for (const { name, color } of entries) {
    if (color !== undefined) fillRectangle(picture, at, MARGIN, SWATCH_SIZE * scale, SWATCH_SIZE * scale, color);
    const indent = color === undefined ? 0 : (SWATCH_SIZE + NAME_GAP) * scale;
    drawTitle(picture, name, at + indent, MARGIN, scale, theme.label);
    at += entryWidth({ name, color }, scale);
  }
}

/** A voice, or without a color how many more there are. */
interface LegendEntry {
  readonly name: string;
  readonly color: Color | undefined;
}

/** Of a legend, in a letter's own pixels. */
const [SWATCH_SIZE, NAME_GAP, ENTRY_GAP] = [TITLE_GLYPH_SIZE.height - 1, 3, 8];

const entryWidth = ({ name, color }: LegendEntry, scale: number): number =>
  titleWidth(name, scale) + (ENTRY_GAP + (color === undefined ? 0 : SWATCH_SIZE + NAME_GAP)) * scale;

const legendWidth = (entries: readonly LegendEntry[], scale: number): number =>
  entries.reduce((width, entry) => width + entryWidth(entry, scale), 0);

const legendEntriesOf = (legend: SheetHeading['legend'], scale: number): readonly LegendEntry[] =>
  legend.map(({ name, color }) => ({
    name: fitTitle(name, scale, MAX_NAME_LETTERS * (TITLE_GLYPH_SIZE.width + 1) * scale),
    color,
  }));

function fitLegend(legend: SheetHeading['legend'], scale: number, width: number): readonly LegendEntry[] {
  const all = legendEntriesOf(legend, scale);
  for (let shown = all.length; shown > 0; shown--) {
    const more = { name: `+${all.length - shown}`, color: undefined };
    const entries = shown === all.length ? all : [...all.slice(0, shown), more];
    if (legendWidth(entries, scale) <= width) return entries;
  }
  return [];
}

const titleAndLegendWidth = ({ title, legend }: SheetHeading, scale: number): number =>
  titleWidth(title, scale) + legendWidth(legendEntriesOf(legend, scale), scale);

function drawPitchGrid(picture: Picture, stave: Staff, measures: SheetMetrics, theme: Theme): void {
  const { lowestPitch, pitches, rowHeight, textScale: text } = measures;
  for (let pitch = lowestPitch; pitch < lowestPitch + pitches; pitch++) {
    const top = pitchTop(stave, measures, pitch);
    if (BLACK_KEYS.includes(pitch % 12))
      fillRectangle(picture, stave.left, top, stave.width, rowHeight, theme.blackKey);
    if (pitch % 12 !== 0) continue;
    fillRectangle(picture, stave.left, top + rowHeight - 1, stave.width, 1, theme.octave);
    const label = `C${pitch / 12 - 1}`; // middle C, 60, is C4
    const middle = top + (rowHeight >> 1) - ((LABEL_GLYPH_SIZE.height * text) >> 1);
    drawLabel(picture, label, stave.left - 4 - labelWidth(label, text), middle, text, theme.label);
  }
}

function drawTimeGrid(
  picture: Picture,
  stave: Staff,
  { from, lines }: TimeSpan,
  measures: SheetMetrics,
  theme: Theme,
): void {
  const { beatWidth, textScale: text } = measures;
  const bars = lines.filter(({ bar }) => bar !== undefined);
  const barWidth = bars.length < 2 ? Infinity : (bars[1]!.beat - bars[0]!.beat) * beatWidth;
  const barsBetweenLabels = Math.max(1, 2 ** Math.ceil(Math.log2(48 / barWidth)));
  const ruled = lines
    .filter(({ bar }) => bar !== undefined || beatWidth >= 6) // narrower beats cannot be told apart
    .map(({ beat, bar }) => ({ x: stave.left + Math.round((beat - from) * beatWidth), bar }));
  const columns = ruled.map(({ x, bar }) => ({ x, color: bar === undefined ? theme.beat : theme.bar }));
  fillVerticalLines(picture, columns, stave.top, stave.height);
  for (const { x, bar } of ruled) {
    const isLabelled = bar !== undefined && (bar - bars[0]!.bar!) % barsBetweenLabels === 0;
    const label = String(bar);
    if (isLabelled && x + labelWidth(label, text) <= stave.left + stave.width) {
      drawLabel(picture, label, x, stave.top + stave.height + 4, text, theme.label);
    }
  }
}
