import type { RollFormat } from '../music/roll-format.js';
import { blend, fillRectangle, type Colour, type Picture } from './picture.js';
import type { RollPictureOptions } from './roll-picture.js';
import { defaultScale, PAPER, rowTop, ruledSheet } from './roll-frame.js';

/** Paper, gold, red, violet, night: evenly darker, so that it reads in grey too. */
const STOPS: readonly Colour[] = [PAPER, 0xfbe3a1, 0xf0a04b, 0xd1495b, 0x7b2d6b, 0x1f1235];
/** A palette of 240 leaves room for lines and labels in a PNG of 256 colours. */
const LEVELS = 240;
const COLOURS: readonly Colour[] = Array.from({ length: LEVELS }, (_, level) => {
  const place = (level / (LEVELS - 1)) * (STOPS.length - 1);
  const stop = Math.min(STOPS.length - 2, Math.floor(place));
  return blend(STOPS[stop]!, STOPS[stop + 1]!, place - stop);
});

/**
 * The weight picture: how sure the generator is of each cell, before the threshold. Channels stand one above the other.
 * @param certainties [channels, pitches, columns], 0..1; anything else is drawn as the nearer of the two, NaN as 0
 */
export function drawWeights(certainties: Float32Array, format: RollFormat, options: RollPictureOptions = {}): Picture {
  const scale = options.scale ?? defaultScale(format);
  const frames = ruledSheet(format, scale, options.beatsPerBar ?? 4, format.channels.length);
  frames.forEach((frame, channel) => {
    for (let row = 0; row < format.pitches; row++) {
      const top = rowTop(frame, format, row);
      for (let column = 0; column < format.columns; column++) {
        const certainty = certainties[(channel * format.pitches + row) * format.columns + column]!;
        const level = Math.round(Math.min(1, Math.max(0, certainty || 0)) * (LEVELS - 1));
        fillRectangle(frame.picture, frame.left + column * scale, top, scale, scale, COLOURS[level]!);
      }
    }
  });
  return frames[0]!.picture;
}
