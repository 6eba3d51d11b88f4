import { drawLabel, LABEL_GLYPH_SIZE, labelWidth } from './axis-label.js';
import { blankPicture, fillRectangle, fillVerticalLines, type Picture } from './picture.js';
import { drawHeading, headingWidth, type SheetHeading } from './sheet-heading.js';
import { beatLeft, createStaff, pitchTop, type Staff, type StaffMetrics, type TimeSpan } from './staff.js';
import type { Theme } from './theme.js';
import { TITLE_GLYPH_SIZE } from './title-text.js';

/** The music of one staff. */
export interface StaffSpan extends TimeSpan {
  /** Where bars and beats start; `bar` is the number of a bar. */
  readonly lines: readonly { readonly beat: number; readonly bar: number | undefined }[];
}

/** Settings shared by all staves of a sheet. */
export interface SheetMetrics extends StaffMetrics {
  /** Pixels of a dot of the letters. */
  readonly textScale: number;
}

export interface Sheet {
  readonly picture: Picture;
  readonly staves: readonly Staff[];
}

/** Pitch classes of the black keys. */
const BLACK_KEYS: readonly number[] = [1, 3, 6, 8, 10];
const MARGIN = 4;
/** Least pixels between the starts of two numbered bars. */
const MIN_LABEL_DISTANCE = 48;
/** Beats that are narrower get no line. */
const MIN_BEAT_WIDTH = 6;

/** A sheet without notes: the heading, and a staff for each span with black keys, octaves, bars and beats. */
export function drawEmptySheet(
  spans: readonly StaffSpan[],
  metrics: SheetMetrics,
  theme: Theme,
  heading: SheetHeading,
): Sheet {
  const { rowHeight, pitches, textScale } = metrics;
  const left = labelWidth('C-1', textScale) + 6;
  const hasHeading = heading.title !== '' || heading.legend.length > 0;
  const top = MARGIN + (hasHeading ? (TITLE_GLYPH_SIZE.height + 4) * textScale : 0);
  const staffHeight = pitches * rowHeight + LABEL_GLYPH_SIZE.height * textScale + 8; // with the bar numbers below it
  const staves = spans.map((span, i) => createStaff(metrics, span, { left, top: top + i * staffHeight }));
  const picture = blankPicture(
    left + Math.max(1, headingWidth(heading, textScale), ...staves.map(({ width }) => width)) + MARGIN,
    top + Math.max(1, staves.length) * staffHeight,
    theme.paper,
  );
  if (hasHeading) drawHeading(picture, heading, { left, right: picture.width - MARGIN, top: MARGIN }, textScale, theme);
  staves.forEach((staff, i) => {
    drawPitchGrid(picture, staff, textScale, theme);
    drawTimeGrid(picture, staff, spans[i]!.lines, textScale, theme);
  });
  return { picture, staves };
}

function drawPitchGrid(picture: Picture, staff: Staff, textScale: number, theme: Theme): void {
  const { left, width, lowestPitch, pitches, rowHeight } = staff;
  for (let pitch = lowestPitch; pitch < lowestPitch + pitches; pitch++) {
    const top = pitchTop(staff, pitch);
    if (BLACK_KEYS.includes(pitch % 12)) {
      fillRectangle(picture, { left, top, width, height: rowHeight }, theme.blackKey);
    }
    if (pitch % 12 !== 0) continue;
    fillRectangle(picture, { left, top: top + rowHeight - 1, width, height: 1 }, theme.octave);
    const label = `C${pitch / 12 - 1}`; // middle C, 60, is C4
    drawLabel(picture, label, {
      left: left - 4 - labelWidth(label, textScale),
      top: top + (rowHeight >> 1) - ((LABEL_GLYPH_SIZE.height * textScale) >> 1),
      scale: textScale,
      color: theme.label,
    });
  }
}

function drawTimeGrid(
  picture: Picture,
  staff: Staff,
  lines: StaffSpan['lines'],
  textScale: number,
  theme: Theme,
): void {
  const { beatWidth, left, top, width, height } = staff;
  const bars = lines.filter(({ bar }) => bar !== undefined);
  const barWidth = bars.length < 2 ? Infinity : (bars[1]!.beat - bars[0]!.beat) * beatWidth;
  const barsBetweenLabels = Math.max(1, 2 ** Math.ceil(Math.log2(MIN_LABEL_DISTANCE / barWidth)));
  const drawn = lines
    .filter(({ bar }) => bar !== undefined || beatWidth >= MIN_BEAT_WIDTH)
    .map(({ beat, bar }) => ({ x: beatLeft(staff, beat), bar }));
  const columns = drawn.map(({ x, bar }) => ({ x, color: bar === undefined ? theme.beat : theme.bar }));
  fillVerticalLines(picture, columns, { top, height });
  for (const { x, bar } of drawn) {
    const isLabeled = bar !== undefined && (bar - bars[0]!.bar!) % barsBetweenLabels === 0;
    const label = String(bar);
    if (isLabeled && x + labelWidth(label, textScale) <= left + width) {
      drawLabel(picture, label, { left: x, top: top + height + 4, scale: textScale, color: theme.label });
    }
  }
}
