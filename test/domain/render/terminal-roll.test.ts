import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { blankRoll, type PianoRoll } from '../../../src/domain/roll/piano-roll.js';
import type { RollFormat } from '../../../src/domain/roll/roll-format.js';
import { drawTerminalRoll } from '../../../src/domain/render/terminal-roll.js';

const format: RollFormat = {
  lowestPitch: 59,
  pitches: 8, // B3 to F#4
  columns: 24,
  columnsPerBeat: 2,
  channels: [{ voice: 'all', kind: 'sustain' }],
};

/** Cells as [pitch, column]. */
function roll(...sounding: readonly (readonly [number, number])[]): PianoRoll {
  const { cells } = blankRoll(format);
  for (const [pitch, column] of sounding) cells[(pitch - 59) * 24 + column] = 1;
  return { format, cells };
}

describe('drawTerminalRoll', () => {
  it('draws two pitches a line, high ones on top, and marks the Cs', () => {
    const drawn = drawTerminalRoll(roll([60, 0], [61, 1], [62, 2], [63, 2], [59, 4]), { width: 80 });
    expect(drawn).toEqual(['   │  █', 'C4 ┤▄▀', '   │    ▀']);
  });

  it('uses only ASCII when asked', () => {
    expect(drawTerminalRoll(roll([60, 0], [61, 1], [60, 2], [61, 2]), { width: 80, ascii: true })).toEqual(['C4 +_"#']);
  });

  it('merges columns so that no line is too wide and no note is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 40 }), fc.uniqueArray(fc.nat(23), { minLength: 1 }), (width, columns) => {
        const lines = drawTerminalRoll(roll(...columns.map((column) => [60, column] as const)), { width });
        const fold = Math.ceil((Math.max(...columns) + 1) / (width - 4));
        const places = new Set(columns.map((column) => Math.floor(column / fold)));
        expect(lines).toHaveLength(1);
        expect(lines[0]!.length).toBeLessThanOrEqual(width);
        expect([...lines[0]!].filter((mark) => mark === '▄')).toHaveLength(places.size);
      }),
    );
  });

  it('colors voices only if the terminal has colors', () => {
    const two: RollFormat = {
      ...format,
      channels: [
        { voice: 'chords', kind: 'sustain' },
        { voice: 'melody', kind: 'sustain' },
      ],
    };
    const { cells } = blankRoll(two);
    cells[1 * 24] = 1; // chords: C4
    cells[(8 + 2) * 24] = 1; // melody: C#4
    const [line] = drawTerminalRoll({ format: two, cells }, { width: 80, colorDepth: 24 });
    expect(line).toMatch(/^C4 ┤\u001b\[38;2;[\d;]+m\u001b\[48;2;[\d;]+m▀\u001b\[0m$/);
    const drawn = (colorDepth: number) => drawTerminalRoll({ format: two, cells }, { width: 80, colorDepth });
    expect([drawn(1), drawn(0)]).toEqual([['C4 ┤█'], ['C4 ┤█']]);
    expect(drawTerminalRoll({ format: two, cells }, { width: 80 })).toEqual(['C4 ┤█']);
    // No terminal of fewer colors is sent those that it does not know.
    expect(drawn(8)).toEqual(['C4 ┤\u001b[38;5;209m\u001b[48;5;74m▀\u001b[0m']);
    expect(drawn(4)).toEqual(['C4 ┤\u001b[91m\u001b[106m▀\u001b[0m']);
  });

  it('says so when there are no notes', () => {
    expect(drawTerminalRoll(roll(), { width: 80 })).toEqual(['(blank: no notes)']);
  });
});
