import { describe, expect, it } from '@jest/globals';
import type { PianoRoll } from '../../../src/domain/roll/piano-roll.js';
import { parseChannels, type RollFormat } from '../../../src/domain/roll/roll-format.js';
import { pixelColors, type Picture } from '../../../src/domain/render/picture.js';
import { drawRollGrid, drawRoll } from '../../../src/domain/render/roll-picture.js';
import { drawProbabilities } from '../../../src/domain/render/probability-picture.js';
import { colorAt as color } from '../../support/color-at.js';

const format = (channels: string): RollFormat => ({
  lowestPitch: 58,
  pitches: 6, // B flat 3 to E flat 4, middle C (60) in row 2
  columns: 16,
  columnsPerBeat: 2,
  channels: parseChannels(channels),
});

/** Cells as [channel, row, column]. */
function roll(channels: string, ...sounding: readonly (readonly [number, number, number])[]): PianoRoll {
  const of = format(channels);
  const cells = new Uint8Array(of.channels.length * of.pitches * of.columns);
  for (const [channel, row, column] of sounding) cells[(channel * of.pitches + row) * of.columns + column] = 1;
  return { format: of, cells };
}

function differing(a: Picture, b: Picture): (readonly [number, number])[] {
  const [ofA, ofB] = [pixelColors(a), pixelColors(b)];
  return Array.from({ length: a.width * a.height }, (_, i) => i)
    .filter((i) => ofA[i] !== ofB[i])
    .map((i) => [i % a.width, Math.floor(i / a.width)] as const);
}

const colorAt = (picture: Picture, x: number, y: number): string => color(picture, x, y).toString(16).padStart(6, '0');

/** Middle of a row, in a picture of scale 8 with a heading. */
const rowMiddle = (row: number): number => 26 + (5 - row) * 12 + 6;

describe('drawRoll', () => {
  const blank = drawRoll(roll('all:sustain'), { scale: 8 });

  it('draws each cell at its place, one and a half times as high as wide, and nothing else', () => {
    const changed = differing(drawRoll(roll('melody:sustain', [0, 2, 3]), { scale: 8 }), blank);
    const [xs, ys] = [changed.map(([x]) => x), changed.map(([, y]) => y)];
    // a gap of one pixel to the left of a start and above
    expect(changed).toHaveLength(7 * 11);
    expect([Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)]).toEqual([6, 10]);
  });

  it('puts high pitches on top and late columns on the right', () => {
    const place = (row: number, column: number) =>
      differing(drawRoll(roll('all:sustain', [0, row, column]), { scale: 8 }), blank)[0]!;
    expect(place(5, 0)[1]).toBe(place(4, 0)[1] - 12);
    expect(place(2, 9)[0]).toBe(place(2, 8)[0] + 8);
  });

  it('joins the columns of one note and separates repeated notes', () => {
    const width = (channels: string, ...cells: (readonly [number, number, number])[]): number =>
      differing(drawRoll(roll(channels, ...cells), { scale: 8 }), drawRoll(roll(channels), { scale: 8 })).length / 11;
    expect(width('all:sustain', [0, 1, 4], [0, 1, 5])).toBe(15);
    expect(width('all:sustain,all:onset', [0, 1, 4], [0, 1, 5], [1, 1, 4], [1, 1, 5])).toBe(14);
  });

  it('gives each voice a color of its own and the start of a note a darker one', () => {
    const channels = 'chords:sustain,chords:onset,melody:sustain,melody:onset';
    const colors = [0, 2].map((channel) => {
      const [drawn, empty] = [true, false].map((sounds) => {
        // The other voice sounds in both, so that the legends are the same.
        const other: readonly [number, number, number] = [2 - channel, 5, 12];
        const cells = [channel, channel + 1].map((each) => [each, 1, 4] as const);
        return drawRoll(roll(channels, other, [channel, 0, 14], ...(sounds ? cells : [])), { scale: 8 });
      });
      return new Set(differing(drawn!, empty!).map(([x, y]) => colorAt(drawn!, x, y)));
    });
    expect(colors.map((set) => set.size)).toEqual([2, 2]);
    expect(new Set(colors.flatMap((set) => [...set])).size).toBe(4);
  });

  it('distinguishes melody and chords of one voice', () => {
    const drawn = drawRoll(roll('all:sustain', [0, 1, 4], [0, 4, 4]), { scale: 8 });
    const x = blank.width - 4 - (16 - 4.5) * 8; // the legend makes it wider, at the right
    expect([1, 4].map((row) => colorAt(drawn, x, rowMiddle(row)))).toEqual(['3f8ea0', 'cf5328']);
  });

  it('draws a title, also in the dark theme', () => {
    const [named, dark] = [
      drawRoll(roll('all:sustain'), { scale: 8, title: 'A tune' }),
      drawRoll(roll('all:sustain'), { scale: 8, theme: 'dark' }),
    ];
    expect(named.height).toBeGreaterThan(blank.height);
    expect([colorAt(blank, 0, 0), colorAt(dark, 0, 0)]).toEqual(['ffffff', '15171c']);
  });

  it('paints the melody over the chords, whatever their order', () => {
    const one = drawRoll(roll('melody:sustain,chords:sustain', [0, 1, 4], [1, 1, 4]), { scale: 8 });
    const other = drawRoll(roll('chords:sustain,melody:sustain', [0, 1, 4], [1, 1, 4]), { scale: 8 });
    const alone = drawRoll(roll('chords:sustain,melody:sustain', [1, 1, 4]), { scale: 8 });
    expect(differing(one, other)).toEqual([]);
    expect(differing(other, alone)).toEqual([]);
  });

  it('is about 1,024 pixels wide for the usual 256 columns', () => {
    const wide: RollFormat = { ...format('all:sustain'), columns: 256 };
    const { width } = drawRoll({ format: wide, cells: new Uint8Array(6 * 256) });
    expect(width).toBeGreaterThanOrEqual(1024);
    expect(width).toBeLessThan(1080);
  });
});

describe('drawRollGrid', () => {
  it('lays rolls out in lines', () => {
    const rolls = [0, 1, 2].map((column) => roll('all:sustain', [0, 2, column]));
    const [one, grid] = [drawRollGrid(rolls.slice(0, 1), 2), drawRollGrid(rolls, 2)];
    expect(one.width).toBeLessThan(grid.width);
    expect(grid.height - one.height).toBe(one.height - 6); // one frame less
    expect(
      differing(drawRollGrid(rolls, 2), drawRollGrid([...rolls.slice(0, 2), roll('all:sustain')], 2)),
    ).toHaveLength(1);
  });
});

describe('drawProbabilities', () => {
  const luminance = (value: number): number => {
    const certainties = new Float32Array(6 * 16).fill(value);
    const picture = drawProbabilities(certainties, format('all:sustain'), { scale: 4 });
    const hex = colorAt(picture, picture.width - 10, 10);
    return (
      Number.parseInt(hex.slice(0, 2), 16) + Number.parseInt(hex.slice(2, 4), 16) + Number.parseInt(hex.slice(4), 16)
    );
  };

  it('is darker for higher probabilities', () => {
    const shades = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1].map(luminance);
    expect(shades).toEqual([...shades].sort((a, b) => b - a));
    expect(new Set(shades).size).toBe(shades.length);
  });

  it('clamps values out of range', () => {
    expect([luminance(-3), luminance(NaN), luminance(7)]).toEqual([luminance(0), luminance(0), luminance(1)]);
  });

  it('draws a staff for each channel', () => {
    const of = format('all:sustain,all:onset');
    const certainties = new Float32Array(2 * 6 * 16);
    certainties[6 * 16] = 1; // lowest pitch, first column of the onsets
    const blank = drawProbabilities(new Float32Array(2 * 6 * 16), of, { scale: 4 });
    const changed = differing(drawProbabilities(certainties, of, { scale: 4 }), blank);
    expect(changed).toHaveLength(4 * 6);
    expect(changed.every(([, y]) => y > blank.height / 2)).toBe(true);
  });
});
