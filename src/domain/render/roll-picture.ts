import type { PianoRoll } from '../music/piano-roll.js';
import { blankPicture, blend, fillRectangle, paste, type Picture } from './picture.js';
import { defaultScale, PAPER, rowTop, ruledSheet, type RollFrame } from './roll-frame.js';
import { drawnVoices, type DrawnVoice } from './voices.js';

export interface RollPictureOptions {
  /** Pixels a cell, 1 or more; by default so that the picture is about 1,024 pixels wide. */
  readonly scale?: number;
  /** Where the bar lines go; a roll itself knows beats only. */
  readonly beatsPerBar?: number;
}

/** A roll as people read it: high pitches on top, the Cs and the bars ruled and numbered, a colour for each voice. */
export function drawRoll(roll: PianoRoll, options: RollPictureOptions = {}): Picture {
  const scale = options.scale ?? defaultScale(roll.format);
  const [frame] = ruledSheet(roll.format, scale, options.beatsPerBar ?? 4);
  for (const voice of drawnVoices(roll.format)) drawVoice(frame!, roll, voice);
  return frame!.picture;
}

/** Many rolls side by side, `columns` a line, small and without labels. */
export function drawGrid(rolls: readonly PianoRoll[], columns: number, scale = 1): Picture {
  const [first] = rolls;
  if (first === undefined || columns < 1) throw new Error('a grid needs at least one roll and one column');
  const gap = 6;
  const across = Math.min(columns, rolls.length);
  const [width, height] = [first.format.columns * scale, first.format.pitches * scale];
  const sheet = blankPicture(
    across * (width + gap) + gap,
    Math.ceil(rolls.length / across) * (height + gap) + gap,
    GRID_GAP,
  );
  rolls.forEach((roll, i) => {
    const cell: RollFrame = { picture: blankPicture(width, height, PAPER), scale, left: 0, top: 0 };
    for (const voice of drawnVoices(roll.format)) drawVoice(cell, roll, voice);
    paste(sheet, cell.picture, gap + (i % across) * (width + gap), gap + Math.floor(i / across) * (height + gap));
  });
  return sheet;
}

const GRID_GAP = 0xdad5cb;

function drawVoice(frame: RollFrame, roll: PianoRoll, voice: DrawnVoice): void {
  const { format, cells } = roll;
  const { picture, scale, left } = frame;
  const plane = (channel: number): number => channel * format.pitches * format.columns;
  const gap = scale >= 3 ? 1 : 0; // neighbouring pitches stay apart where there is room
  const start = blend(voice.colour, 0x000000, 0.55);
  for (let row = 0; row < format.pitches; row++) {
    const top = rowTop(frame, format, row) + gap;
    for (let column = 0; column < format.columns; column++) {
      const cell = row * format.columns + column;
      const x = left + column * scale;
      const sounds = cells[plane(voice.body) + cell] !== 0;
      const starts = voice.onset !== undefined && cells[plane(voice.onset) + cell] !== 0;
      if (!sounds && !starts) continue;
      const begins = starts || column === 0 || cells[plane(voice.body) + cell - 1] === 0;
      const indent = begins ? gap : 0; // repeated notes stay apart too
      fillRectangle(picture, x + indent, top, scale - indent, scale - gap, starts ? start : voice.colour);
    }
  }
}
