import { beatLines } from '../music/beat-lines.js';
import { channelName, type RollFormat } from '../roll/roll-format.js';
import { blend, fillRectangle, type Color, type Picture } from './picture.js';
import type { RollPictureOptions } from './roll-picture.js';
import { defaultScale } from './score-picture.js';
import { drawEmptySheet } from './sheet.js';
import { beatLeft, pitchTop, staffMetrics, type Staff } from './staff.js';
import { THEMES, type Theme } from './theme.js';

/** Colors of probabilities. 240 leave room for lines and labels in a PNG palette of 256. */
const COLOR_LEVELS = 240;

/**
 * Draws the generator's output before the threshold, with a staff for each channel, one below the other.
 * @param probabilities [channels, pitches, columns], clamped to 0..1; NaN is drawn as 0
 */
export function drawProbabilities(
  probabilities: Float32Array,
  format: RollFormat,
  options: RollPictureOptions = {},
): Picture {
  const { columns, columnsPerBeat, channels } = format;
  const theme = THEMES[options.theme ?? 'light'];
  const beats = columns / columnsPerBeat;
  const scale = options.scale ?? defaultScale(beats);
  const metrics = { ...staffMetrics(format, scale), textScale: scale >= 3 ? 2 : 1 };
  const lines = beatLines({ timeSignatures: [], ticksPerBeat: 1 }, beats);
  const span = { from: 0, to: beats, lines: lines.map(({ tick, bar }) => ({ beat: tick, bar })) };
  const names = channels.length === 1 ? '' : `: ${channels.map(channelName).join(', ')}`;
  const heading = { title: options.title === undefined ? '' : `${options.title}${names}`, legend: [] };
  const spans = channels.map(() => span);
  const { picture, staves } = drawEmptySheet(spans, metrics, theme, heading);
  const colors = probabilityColors(theme);
  staves.forEach((staff, channel) => paintChannel(picture, staff, probabilities, { format, channel, colors }));
  return picture;
}

function paintChannel(
  picture: Picture,
  staff: Staff,
  probabilities: Float32Array,
  {
    format: { lowestPitch, pitches, columns, columnsPerBeat },
    channel,
    colors,
  }: { readonly format: RollFormat; readonly channel: number; readonly colors: readonly Color[] },
): void {
  const { rowHeight: height } = staff;
  for (let row = 0; row < pitches; row++) {
    const top = pitchTop(staff, lowestPitch + row);
    for (let column = 0; column < columns; column++) {
      const probability = probabilities[(channel * pitches + row) * columns + column]!;
      const level = Math.round(Math.min(1, Math.max(0, probability || 0)) * (COLOR_LEVELS - 1));
      if (level === 0) continue; // keeps the lines of the paper
      const left = beatLeft(staff, column / columnsPerBeat);
      const width = beatLeft(staff, (column + 1) / columnsPerBeat) - left;
      fillRectangle(picture, { left, top, width, height }, colors[level]!);
    }
  }
}

/** Colors of probabilities 0..1 in equal steps, interpolated between those of the theme. */
function probabilityColors({ probability: stops }: Theme): readonly Color[] {
  return Array.from({ length: COLOR_LEVELS }, (_, level) => {
    const place = (level / (COLOR_LEVELS - 1)) * (stops.length - 1);
    const stop = Math.min(stops.length - 2, Math.floor(place));
    return blend(stops[stop]!, stops[stop + 1]!, place - stop);
  });
}
