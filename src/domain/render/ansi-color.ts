import type { Color } from './picture.js';

/** First parameter of the escape sequence that sets the color of the text or of its background. */
export const [FOREGROUND, BACKGROUND] = [38, 48] as const;
export type ColorLayer = typeof FOREGROUND | typeof BACKGROUND;
export const RESET_STYLE = '\u001b[0m';

/**
 * The escape sequence of the nearest color that the terminal can show (ECMA-48, ISO 8613-6, xterm).
 * @param bits color depth of the terminal: 4, 8 or 24
 */
export function ansiColor(layer: ColorLayer, color: Color, bits: number): string {
  const [red, green, blue] = [color >> 16, (color >> 8) & 255, color & 255];
  if (bits >= 24) return `\u001b[${layer};2;${red};${green};${blue}m`;
  if (bits >= 8) {
    const [r, g, b] = [red, green, blue].map(nearestLevel);
    return `\u001b[${layer};5;${16 + 36 * r! + 6 * g! + b!}m`;
  }
  return `\u001b[${layer + 52 + nearestBrightColor(red, green, blue)}m`; // 90..97 foreground, 100..107 background
}

/** Levels of red, green and blue in the 6 x 6 x 6 cube of xterm. */
const CUBE_LEVELS: readonly number[] = [0, 95, 135, 175, 215, 255];

function nearestLevel(component: number): number {
  const distances = CUBE_LEVELS.map((level) => Math.abs(level - component));
  return distances.indexOf(Math.min(...distances));
}

/** One of eight bright colors: bit 0 is red, bit 1 green, bit 2 blue; set where the component is above the middle. */
function nearestBrightColor(red: number, green: number, blue: number): number {
  const middle = (Math.min(red, green, blue) + Math.max(red, green, blue)) / 2;
  return [red, green, blue].reduce((bits, component, i) => bits | (component >= middle ? 1 << i : 0), 0);
}
