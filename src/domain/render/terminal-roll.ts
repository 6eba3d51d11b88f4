import type { PianoRoll } from '../roll/piano-roll.js';
import type { RollFormat } from '../roll/roll-format.js';
import { scoreFromRoll } from '../roll/score-from-roll.js';
import { drawnVoices } from './drawn-voices.js';
import { ansiColor, BACKGROUND, FOREGROUND, RESET_STYLE, type ColorLayer } from './ansi-color.js';
import { THEMES } from './theme.js';

export interface TerminalRollOptions {
  /** Characters a line, labels included; 16 or more. */
  readonly width: number;
  /** Only characters that every terminal has. */
  readonly ascii?: boolean;
  /** Colors that the terminal has, in bits: 4, 8 or 24 color the voices, less does not. */
  readonly colorDepth?: number;
}

/**
 * A roll in lines of text, two pitches a line, high pitches on top; only the pitches in use, and only as far as there is
 * music. Columns that share a character are folded together: it sounds when one of them does.
 */
export function drawTerminalRoll(roll: PianoRoll, options: TerminalRollOptions): readonly string[] {
  const painted = paintCells(roll);
  const range = usedRange(painted, roll.format);
  if (range === undefined) return ['(blank: no notes)'];
  const fold = Math.max(1, Math.ceil(range.columns / Math.max(1, options.width - GUTTER)));
  const across = Math.ceil(range.columns / fold);
  const marks = options.ascii ? ASCII_MARKS : BLOCK_MARKS;
  const bits = options.ascii ? 1 : (options.colorDepth ?? 1); // colors need half blocks
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
/** `C-1` and the edge. */
const GUTTER = 4;

/** For each cell 0, or 1 + the color of the voice that is painted on top: bright, for most terminals are dark. */
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

/** Lowest and highest line (even pitches, so that every C is the lower half of its line), and columns up to the last note. */
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
  const ansi = (ground: ColorLayer, painted: number): string => ansiColor(ground, painted - 1, bits);
  if (upper === lower) return ansi(FOREGROUND, upper) + marks.both + RESET_STYLE;
  // The upper half in the foreground's color over the lower half in the background's
  if (upper && lower) return ansi(FOREGROUND, upper) + ansi(BACKGROUND, lower) + marks.upper + RESET_STYLE;
  return ansi(FOREGROUND, upper || lower) + plainCell(upper, lower, marks) + RESET_STYLE;
}
