import { beatLines } from '../music/beat-lines.js';
import { channelName, type RollFormat } from '../roll/roll-format.js';
import { blend, fillRectangle, type Color, type Picture } from './picture.js';
import type { RollPictureOptions } from './roll-picture.js';
import { defaultScale } from './score-picture.js';
import { pitchTop, drawEmptySheet, type SheetMetrics } from './sheet.js';
import { THEMES, type Theme } from './theme.js';

/** A palette of 240 leaves room for lines and labels in a PNG of 256 colors. */
const COLOR_LEVELS = 240;

/**
 * The weight picture: how sure the generator is of each cell, before the threshold. Channels stand one above the other.
 * @param certainties [channels, pitches, columns], 0..1; anything else is drawn as the nearer of the two, NaN as 0
 */
export function drawProbabilities(
  certainties: Float32Array,
  format: RollFormat,
  options: RollPictureOptions = {},
): Picture {
  const { pitches, columns, columnsPerBeat, lowestPitch, channels } = format;
  const theme = THEMES[options.theme ?? 'light'];
  const colors = probabilityColors(theme);
  const beats = columns / columnsPerBeat;
  const scale = options.scale ?? defaultScale(beats);
  const beatWidth = 2 * scale;
  const rowHeight = Math.max(1, Math.round(1.5 * scale));
  const measures: SheetMetrics = { lowestPitch, pitches, rowHeight, beatWidth, textScale: scale >= 3 ? 2 : 1 };
  const lines = beatLines({ timeSignatures: [], ticksPerBeat: 1 }, beats);
  const stretch = { from: 0, to: beats, lines: lines.map(({ tick, bar }) => ({ beat: tick, bar })) };
  const names = channels.length === 1 ? '' : `: ${channels.map(channelName).join(', ')}`;
  const title = options.title === undefined ? '' : `${options.title}${names}`;
  const { picture, staves } = drawEmptySheet(
    channels.map(() => stretch),
    measures,
    theme,
    { title, legend: [] },
  );
  const edge = (column: number): number => Math.round((column / columnsPerBeat) * beatWidth);
  staves.forEach((stave, channel) => {
    for (let row = 0; row < pitches; row++) {
      const top = pitchTop(stave, measures, lowestPitch + row);
      for (let column = 0; column < columns; column++) {
        const certainty = certainties[(channel * pitches + row) * columns + column]!;
        const level = Math.round(Math.min(1, Math.max(0, certainty || 0)) * (COLOR_LEVELS - 1));
        if (level === 0) continue; // paper, with its rules
        const left = edge(column);
        fillRectangle(picture, stave.left + left, top, edge(column + 1) - left, rowHeight, colors[level]!);
      }
    }
  });
  return picture;
}

function probabilityColors({ probability: stops }: Theme): readonly Color[] {
  return Array.from({ length: COLOR_LEVELS }, (_, level) => {
    const place = (level / (COLOR_LEVELS - 1)) * (stops.length - 1);
    const stop = Math.min(stops.length - 2, Math.floor(place));
    return blend(stops[stop]!, stops[stop + 1]!, place - stop);
  });
}
