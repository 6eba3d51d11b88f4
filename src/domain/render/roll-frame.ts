import type { RollFormat } from '../music/roll-format.js';
import { blankPicture, fillRectangle, type Colour, type Picture } from './picture.js';
import { drawText, LETTER, textWidth } from './small-text.js';

/** Ink and paper. */
export const PAPER: Colour = 0xffffff;
const BLACK_KEY: Colour = 0xf5f3ef;
const BEAT: Colour = 0xeeebe5;
const BAR: Colour = 0xdad5cb;
const OCTAVE: Colour = 0xc9c2b4;
const LABEL: Colour = 0x7d7666;

/** Pitch classes of the black keys. */
const BLACK_KEYS: readonly number[] = [1, 3, 6, 8, 10];

/** Where the cells of a roll stand in its picture. */
export interface RollFrame {
  readonly picture: Picture;
  /** Pixels a cell. */
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

/** A picture about 1,024 pixels wide, whatever the format. */
export const defaultScale = (format: RollFormat): number =>
  Math.min(16, Math.max(1, Math.round(1024 / format.columns)));

/** Pixels beside and below one panel of cells, for the labels. */
export function margins(scale: number): { readonly left: number; readonly bottom: number; readonly text: number } {
  const text = scale >= 3 ? 2 : 1;
  return { left: textWidth('C-1', text) + 6, bottom: LETTER.height * text + 6, text };
}

/** An empty sheet for `panels` rolls one above the other: key shading, beat, bar and octave lines, labels. */
export function ruledSheet(format: RollFormat, scale: number, beatsPerBar: number, panels = 1): readonly RollFrame[] {
  const { left, bottom, text } = margins(scale);
  const [width, height] = [format.columns * scale, format.pitches * scale];
  const picture = blankPicture(left + width + 4, 4 + panels * (height + bottom), PAPER);
  return Array.from({ length: panels }, (_, panel) => {
    const frame = { picture, scale, left, top: 4 + panel * (height + bottom) };
    rulePitches(frame, format, text);
    ruleTime(frame, format, beatsPerBar, text);
    return frame;
  });
}

/** Top pixel of a row of cells. */
export const rowTop = (frame: RollFrame, format: RollFormat, row: number): number =>
  frame.top + (format.pitches - 1 - row) * frame.scale;

function rulePitches(frame: RollFrame, format: RollFormat, text: number): void {
  const { picture, scale, left } = frame;
  const width = format.columns * scale;
  for (let row = 0; row < format.pitches; row++) {
    const pitch = format.lowestPitch + row;
    const top = rowTop(frame, format, row);
    if (BLACK_KEYS.includes(pitch % 12)) fillRectangle(picture, left, top, width, scale, BLACK_KEY);
    if (pitch % 12 !== 0) continue;
    fillRectangle(picture, left, top + scale - 1, width, 1, OCTAVE);
    const label = `C${pitch / 12 - 1}`; // middle C, 60, is C4
    const middle = top + (scale >> 1) - ((LETTER.height * text) >> 1);
    drawText(picture, label, left - 4 - textWidth(label, text), middle, text, LABEL);
  }
}

function ruleTime(frame: RollFrame, format: RollFormat, beatsPerBar: number, text: number): void {
  const { picture, scale, left, top } = frame;
  const height = format.pitches * scale;
  const bar = format.columnsPerBeat * beatsPerBar;
  const barsBetweenLabels = Math.max(1, 2 ** Math.ceil(Math.log2(48 / (bar * scale))));
  for (let column = 0; column <= format.columns; column += format.columnsPerBeat) {
    const isBar = column % bar === 0;
    if (!isBar && format.columnsPerBeat * scale < 4) continue; // beats too narrow to tell apart
    fillRectangle(picture, left + column * scale, top, 1, height, isBar ? BAR : BEAT);
    const number = column / bar;
    if (isBar && column < format.columns && number % barsBetweenLabels === 0) {
      drawText(picture, String(number + 1), left + column * scale, top + height + 4, text, LABEL);
    }
  }
}
