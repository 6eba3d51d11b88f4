import { blankPicture, fillColumns, fillRectangle, type Picture } from './picture.js';
import { drawText, LETTER, textWidth } from './small-text.js';
import type { Theme } from './theme.js';
import { drawTitle, fitTitle, TITLE_LETTER, titleWidth } from './title-text.js';
import type { Colour } from './picture.js';

/** One line of a sheet: a stretch of time. Beats count from the start of the music; they are quarter notes. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Bar lines carry their bar's number. */
  readonly lines: readonly { readonly beat: number; readonly bar: number | undefined }[];
}

/** What all staves of a sheet share. */
export interface Measures {
  readonly lowestPitch: number;
  readonly pitches: number;
  /** Pixels of a pitch, and of a beat. */
  readonly rowHeight: number;
  readonly beatWidth: number;
  /** Of letters. */
  readonly textScale: number;
}

/** Where the notes of one stretch stand in the picture, in pixels. */
export interface Stave {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

export interface Heading {
  readonly title: string;
  /** Names with their colours, at the right. */
  readonly legend: readonly { readonly name: string; readonly colour: Colour }[];
}

export interface Sheet {
  readonly picture: Picture;
  readonly staves: readonly Stave[];
}

/** Pitch classes of the black keys. */
const BLACK_KEYS: readonly number[] = [1, 3, 6, 8, 10];
const MARGIN = 4;
/** Letters of a heading for which a picture of short music is made wider than the music. */
const WIDEST_HEADING = 48;
/** Of these, those of a voice's name. */
const LONGEST_NAME = 20;

/** An empty sheet: heading, and for each stretch a stave with key shading, beat, bar and octave lines and labels. */
export function ruleSheet(stretches: readonly Stretch[], measures: Measures, theme: Theme, heading: Heading): Sheet {
  const { rowHeight, pitches, beatWidth, textScale: text } = measures;
  const left = textWidth('C-1', text) + 6;
  const height = pitches * rowHeight;
  const staveHeight = height + LETTER.height * text + 8;
  const headingWidth = Math.min(titleAndLegendWidth(heading, text), WIDEST_HEADING * (TITLE_LETTER.width + 1) * text);
  const hasHeading = heading.title !== '' || heading.legend.length > 0;
  const top = MARGIN + (hasHeading ? TITLE_LETTER.height * text + 4 * text : 0);
  const widths = stretches.map(({ from, to }) => Math.ceil((to - from) * beatWidth));
  const picture = blankPicture(
    left + Math.max(1, headingWidth, ...widths) + MARGIN,
    top + Math.max(1, stretches.length) * staveHeight,
    theme.paper,
  );
  if (hasHeading) drawHeading(picture, heading, left, text, theme);
  const staves = stretches.map((stretch, i) => {
    const stave = { ...stretch, left, top: top + i * staveHeight, width: widths[i]!, height };
    rulePitches(picture, stave, measures, theme);
    ruleTime(picture, stave, stretch, measures, theme);
    return { left, top: stave.top, width: stave.width, height, from: stretch.from, to: stretch.to };
  });
  return { picture, staves };
}

/** Top pixel of a pitch's row. */
export const pitchTop = (stave: Stave, { lowestPitch, pitches, rowHeight }: Measures, pitch: number): number =>
  stave.top + (pitches - 1 - (pitch - lowestPitch)) * rowHeight;

/** The title at the left, the voices at the right; of too many voices the last are counted only. */
function drawHeading(picture: Picture, { title, legend }: Heading, left: number, scale: number, theme: Theme): void {
  const room = picture.width - MARGIN - left;
  const forTitle = Math.min(titleWidth(title, scale), Math.floor(room / 3));
  const entries = fitLegend(legend, scale, room - forTitle);
  let at = picture.width - MARGIN - legendWidth(entries, scale) + ENTRY_GAP * scale;
  drawTitle(picture, fitTitle(title, scale, at - ENTRY_GAP * scale - left), left, MARGIN, scale, theme.title);
  for (const { name, colour } of entries) {
    if (colour !== undefined) fillRectangle(picture, at, MARGIN, SQUARE * scale, SQUARE * scale, colour);
    const indent = colour === undefined ? 0 : (SQUARE + NAME_GAP) * scale;
    drawTitle(picture, name, at + indent, MARGIN, scale, theme.label);
    at += entryWidth({ name, colour }, scale);
  }
}

/** A voice, or without a colour how many more there are. */
interface LegendEntry {
  readonly name: string;
  readonly colour: Colour | undefined;
}

/** Of a legend, in a letter's own pixels. */
const [SQUARE, NAME_GAP, ENTRY_GAP] = [TITLE_LETTER.height - 1, 3, 8];

const entryWidth = ({ name, colour }: LegendEntry, scale: number): number =>
  titleWidth(name, scale) + (ENTRY_GAP + (colour === undefined ? 0 : SQUARE + NAME_GAP)) * scale;

const legendWidth = (entries: readonly LegendEntry[], scale: number): number =>
  entries.reduce((width, entry) => width + entryWidth(entry, scale), 0);

const namesOf = (legend: Heading['legend'], scale: number): readonly LegendEntry[] =>
  legend.map(({ name, colour }) => ({
    name: fitTitle(name, scale, LONGEST_NAME * (TITLE_LETTER.width + 1) * scale),
    colour,
  }));

function fitLegend(legend: Heading['legend'], scale: number, width: number): readonly LegendEntry[] {
  const all = namesOf(legend, scale);
  for (let shown = all.length; shown > 0; shown--) {
    const more = { name: `+${all.length - shown}`, colour: undefined };
    const entries = shown === all.length ? all : [...all.slice(0, shown), more];
    if (legendWidth(entries, scale) <= width) return entries;
  }
  return [];
}

const titleAndLegendWidth = ({ title, legend }: Heading, scale: number): number =>
  titleWidth(title, scale) + legendWidth(namesOf(legend, scale), scale);

function rulePitches(picture: Picture, stave: Stave, measures: Measures, theme: Theme): void {
  const { lowestPitch, pitches, rowHeight, textScale: text } = measures;
  for (let pitch = lowestPitch; pitch < lowestPitch + pitches; pitch++) {
    const top = pitchTop(stave, measures, pitch);
    if (BLACK_KEYS.includes(pitch % 12))
      fillRectangle(picture, stave.left, top, stave.width, rowHeight, theme.blackKey);
    if (pitch % 12 !== 0) continue;
    fillRectangle(picture, stave.left, top + rowHeight - 1, stave.width, 1, theme.octave);
    const label = `C${pitch / 12 - 1}`; // middle C, 60, is C4
    const middle = top + (rowHeight >> 1) - ((LETTER.height * text) >> 1);
    drawText(picture, label, stave.left - 4 - textWidth(label, text), middle, text, theme.label);
  }
}

function ruleTime(picture: Picture, stave: Stave, { from, lines }: Stretch, measures: Measures, theme: Theme): void {
  const { beatWidth, textScale: text } = measures;
  const bars = lines.filter(({ bar }) => bar !== undefined);
  const barWidth = bars.length < 2 ? Infinity : (bars[1]!.beat - bars[0]!.beat) * beatWidth;
  const barsBetweenLabels = Math.max(1, 2 ** Math.ceil(Math.log2(48 / barWidth)));
  const ruled = lines
    .filter(({ bar }) => bar !== undefined || beatWidth >= 6) // narrower beats cannot be told apart
    .map(({ beat, bar }) => ({ x: stave.left + Math.round((beat - from) * beatWidth), bar }));
  const columns = ruled.map(({ x, bar }) => ({ x, colour: bar === undefined ? theme.beat : theme.bar }));
  fillColumns(picture, columns, stave.top, stave.height);
  for (const { x, bar } of ruled) {
    const isLabelled = bar !== undefined && (bar - bars[0]!.bar!) % barsBetweenLabels === 0;
    const label = String(bar);
    if (isLabelled && x + textWidth(label, text) <= stave.left + stave.width) {
      drawText(picture, label, x, stave.top + stave.height + 4, text, theme.label);
    }
  }
}
