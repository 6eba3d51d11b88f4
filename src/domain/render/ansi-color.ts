import type { Color } from './picture.js';

/** What a color is for: letters, or what is behind them. */
export const [FOREGROUND, BACKGROUND] = [38, 48] as const;
export type ColorLayer = typeof FOREGROUND | typeof BACKGROUND;
export const RESET_STYLE = '\u001b[0m';

/** The escape sequence for a color, or the nearest that a terminal of 4, 8 or 24 bits has (ECMA-48, ISO 8613-6, xterm). */
export function ansiColor(ground: ColorLayer, color: Color, bits: number): string {
  const [red, green, blue] = [color >> 16, (color >> 8) & 255, color & 255];
  if (bits >= 24) return `\u001b[${ground};2;${red};${green};${blue}m`;
  if (bits >= 8) {
    const [r, g, b] = [red, green, blue].map(nearestLevel);
    return `\u001b[${ground};5;${16 + 36 * r! + 6 * g! + b!}m`;
  }
  return `\u001b[${ground + 52 + nearestBrightColor(red, green, blue)}m`; // 90..97 in front, 100..107 behind
}

/** Of each part of a color in xterm's cube of 6 x 6 x 6. */
const CUBE_LEVELS: readonly number[] = [0, 95, 135, 175, 215, 255];

function nearestLevel(part: number): number {
  const away = CUBE_LEVELS.map((level) => Math.abs(level - part));
  return away.indexOf(Math.min(...away));
}

/** Of the eight bright colors, whose bits are red, green, blue: the one with the parts that are above the middle. */
function nearestBrightColor(red: number, green: number, blue: number): number {
  const middle = (Math.min(red, green, blue) + Math.max(red, green, blue)) / 2;
  return [red, green, blue].reduce((bits, part, i) => bits | (part >= middle ? 1 << i : 0), 0);
}
