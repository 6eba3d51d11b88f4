import type { PianoRoll } from '../roll/piano-roll.js';
import type { RollFormat } from '../roll/roll-format.js';
import { scoreFromRoll } from '../roll/score-from-roll.js';
import { drawnVoices } from './drawn-voices.js';
import { ansiColor, BACKGROUND, FOREGROUND, RESET_STYLE, type ColorLayer } from './ansi-color.js';
import { THEMES } from './theme.js';

export interface TerminalRollOptions {
  /** Characters in a line, labels included; 16 or more. */
  readonly width: number;
  /** Whether to use ASCII characters only, without colors. */
  readonly ascii?: boolean;
  /** Color depth of the terminal in bits: 4, 8 or 24; with fewer the voices have no colors. */
  readonly colorDepth?: number;
}

/**
 * Draws a roll as lines of text, two pitches in a line, high pitches on top. Unused pitches and the time after the last
 * note are left out. A character stands for one or more columns; it is filled if a note sounds in any of them.
 */
export function drawTerminalRoll(roll: PianoRoll, options: TerminalRollOptions): readonly string[] {
  const painted = paintCells(roll);
  const range = usedRange(painted, roll.format);
  if (range === undefined) return ['(blank: no notes)'];
  const fold = Math.max(1, Math.ceil(range.columns / Math.max(1, options.width - GUTTER)));
  const across = Math.ceil(range.columns / fold);
  const marks = options.ascii ? ASCII_MARKS : BLOCK_MARKS;
  const bits = options.ascii ? 1 : (options.colorDepth ?? 1); // half blocks are not ASCII
  const lines: string[] = [];
  for (let low = range.high; low >= range.low; low -= 2) {
    let line = label(low, marks);
    for (let x = 0; x < across; x++) {
      const [upper, lower] = [low + 1, low].map((pitch) => topVoiceIn(painted, roll.format, pitch, x * fold, fold));
      line += bits < 4 ? plainCell(upper!, lower!, marks) : coloredCell(upper!, lower!, marks, bits);
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

const BLOCK_MARKS = { upper: '▀', lower: '▄', both: '█', edge: '│', octave: '┤' };
const ASCII_MARKS = { upper: '"', lower: '_', both: '#', edge: '|', octave: '+' };
type Marks = typeof BLOCK_MARKS;
/** Characters before the roll: a label such as `C-1`, and the edge. */
const GUTTER = 4;

/** [pitches, columns]: 0, or 1 + the color of the topmost voice. The colors are bright, as most terminals are dark. */
function paintCells(roll: PianoRoll): Uint32Array {
  const { lowestPitch, pitches, columns, columnsPerBeat } = roll.format;
  const painted = new Uint32Array(pitches * columns);
  for (const { notes, color } of drawnVoices(scoreFromRoll(roll, { ticksPerBeat: columnsPerBeat }), THEMES.dark)) {
    for (const { pitch, startTick, durationTicks } of notes) {
      const row = (pitch - lowestPitch) * columns; // a tick is a column
      painted.fill(color + 1, row + startTick, row + startTick + durationTicks);
    }
  }
  return painted;
}

/** The lower pitches of the lowest and the highest line (even, so that a C is the lower one), and the used columns. */
function usedRange(
  painted: Uint32Array,
  format: RollFormat,
): { readonly low: number; readonly high: number; readonly columns: number } | undefined {
  let [low, high, columns] = [Infinity, -Infinity, 0];
  painted.forEach((cell, i) => {
    if (cell === 0) return;
    const pitch = format.lowestPitch + Math.floor(i / format.columns);
    low = Math.min(low, pitch);
    high = Math.max(high, pitch);
    columns = Math.max(columns, (i % format.columns) + 1);
  });
  return columns === 0 ? undefined : { low: low - (low % 2), high: high - (high % 2), columns };
}

const label = (pitch: number, marks: Marks): string =>
  pitch % 12 === 0 ? `C${pitch / 12 - 1}`.padEnd(GUTTER - 1) + marks.octave : ' '.repeat(GUTTER - 1) + marks.edge;

/** The largest entry of `painted` for a pitch in `fold` columns from `from` on. */
function topVoiceIn(painted: Uint32Array, format: RollFormat, pitch: number, from: number, fold: number): number {
  const row = pitch - format.lowestPitch;
  if (row < 0 || row >= format.pitches) return 0;
  const end = Math.min(from + fold, format.columns);
  let top = 0;
  for (let column = from; column < end; column++) top = Math.max(top, painted[row * format.columns + column]!);
  return top;
}

function plainCell(upper: number, lower: number, marks: Marks): string {
  if (upper && lower) return marks.both;
  return upper ? marks.upper : lower ? marks.lower : ' ';
}

function coloredCell(upper: number, lower: number, marks: Marks, bits: number): string {
  if (!upper && !lower) return ' ';
  const ansi = (layer: ColorLayer, painted: number): string => ansiColor(layer, painted - 1, bits);
  if (upper === lower) return ansi(FOREGROUND, upper) + marks.both + RESET_STYLE;
  // An upper half block: the foreground color above the background color.
  if (upper && lower) return ansi(FOREGROUND, upper) + ansi(BACKGROUND, lower) + marks.upper + RESET_STYLE;
  return ansi(FOREGROUND, upper || lower) + plainCell(upper, lower, marks) + RESET_STYLE;
}
