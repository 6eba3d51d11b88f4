import type { PianoRoll } from '../roll/piano-roll.js';
import type { RollFormat } from '../roll/roll-format.js';
import { scoreFromRoll } from '../roll/score-from-roll.js';
import { drawnVoices } from './drawn-voices.js';
import { blankPicture, fillRectangle, type Picture } from './picture.js';
import { drawScore, paintNotes, type ScorePictureOptions } from './score-picture.js';
import { THEMES, type ThemeName } from './theme.js';

export type RollPictureOptions = Pick<ScorePictureOptions, 'scale' | 'theme' | 'title'>;

/**
 * A whole roll, all of its rows and columns, drawn as the score that it pictures.
 * @param score of the roll, by whoever has it already
 */
export function drawRoll(roll: PianoRoll, options: RollPictureOptions = {}, score = rollScore(roll)): Picture {
  const { lowestPitch, pitches, columns, columnsPerBeat } = roll.format;
  const { picture } = drawScore(score, {
    ...options,
    range: { lowestPitch, pitches },
    endTick: columns * (score.ticksPerBeat / columnsPerBeat),
  });
  return picture;
}

/** Many rolls side by side, `columns` a line, small and without labels. @param scale pixels a column and a row */
export function drawRollGrid(
  rolls: readonly PianoRoll[],
  columns: number,
  scale = 1,
  theme: ThemeName = 'light',
): Picture {
  if (rolls.length === 0 || columns < 1) throw new Error('a grid needs at least one roll and one column');
  const gap = 6;
  const across = Math.min(columns, rolls.length);
  const width = Math.max(...rolls.map(({ format }) => format.columns * scale));
  const height = Math.max(...rolls.map(({ format }) => format.pitches * scale));
  const sheet = blankPicture(
    across * (width + gap) + gap,
    Math.ceil(rolls.length / across) * (height + gap) + gap,
    THEMES[theme].gap,
  );
  rolls.forEach((roll, i) => {
    const [left, top] = [gap + (i % across) * (width + gap), gap + Math.floor(i / across) * (height + gap)];
    drawUnlabeledRoll(sheet, roll, left, top, scale, theme);
  });
  return sheet;
}

/** A roll without anything around it, `scale` pixels a column and a row. */
export function drawUnlabeledRoll(
  into: Picture,
  roll: PianoRoll,
  left: number,
  top: number,
  scale: number,
  theme: ThemeName,
): void {
  const { format } = roll;
  const colors = THEMES[theme];
  const [width, height] = [format.columns * scale, format.pitches * scale];
  const beatWidth = format.columnsPerBeat * scale;
  const stave = { left, top, width, height, from: 0, to: format.columns / format.columnsPerBeat };
  const measures = { ...format, rowHeight: scale, beatWidth, textScale: 1 };
  fillRectangle(into, left, top, width, height, colors.paper);
  const score = rollScore(roll);
  for (const voice of drawnVoices(score, colors)) {
    paintNotes(into, stave, measures, voice, score.ticksPerBeat, colors);
  }
}

const rollScore = (roll: PianoRoll) => scoreFromRoll(roll, { ticksPerBeat: ticksPerBeat(roll.format) });

/** A multiple of the columns. */
const ticksPerBeat = ({ columnsPerBeat }: RollFormat): number => columnsPerBeat * 4;
