import type { PianoRoll } from '../roll/piano-roll.js';
import { scoreFromRoll } from '../roll/score-from-roll.js';
import { drawnVoices } from './drawn-voices.js';
import { blankPicture, fillRectangle, type Picture } from './picture.js';
import { drawScore, paintNotes, type ScorePictureOptions } from './score-picture.js';
import { createStaff } from './staff.js';
import { THEMES, type ThemeName } from './theme.js';

export type RollPictureOptions = Pick<ScorePictureOptions, 'scale' | 'theme' | 'title'>;

/**
 * Draws all rows and columns of a roll, as the score that it stands for.
 * @param score of the roll, if the caller has it
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

/** Small pictures of many rolls without labels, `columns` in a line. @param scale pixels of a column and of a row */
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
  const grid = blankPicture(
    across * (width + gap) + gap,
    Math.ceil(rolls.length / across) * (height + gap) + gap,
    THEMES[theme].gap,
  );
  rolls.forEach((roll, i) => {
    const place = { left: gap + (i % across) * (width + gap), top: gap + Math.floor(i / across) * (height + gap) };
    drawUnlabeledRoll(grid, roll, place, scale, theme);
  });
  return grid;
}

/** Draws a roll without grid and labels. @param scale pixels of a column and of a row */
export function drawUnlabeledRoll(
  picture: Picture,
  roll: PianoRoll,
  { left, top }: { readonly left: number; readonly top: number },
  scale: number,
  themeName: ThemeName,
): void {
  const { lowestPitch, pitches, columns, columnsPerBeat } = roll.format;
  const theme = THEMES[themeName];
  const metrics = { lowestPitch, pitches, rowHeight: scale, beatWidth: columnsPerBeat * scale };
  const staff = createStaff(metrics, { from: 0, to: columns / columnsPerBeat }, { left, top });
  fillRectangle(picture, { left, top, width: columns * scale, height: pitches * scale }, theme.paper);
  const score = rollScore(roll);
  for (const voice of drawnVoices(score, theme)) paintNotes(picture, staff, voice, score.ticksPerBeat, theme);
}

/** The score of a roll with four ticks a column. */
const rollScore = (roll: PianoRoll) => scoreFromRoll(roll, { ticksPerBeat: 4 * roll.format.columnsPerBeat });
