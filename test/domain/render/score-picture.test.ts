import { describe, expect, it } from '@jest/globals';
import type { Note, Score } from '../../../src/domain/music/score.js';
import { drawScore } from '../../../src/domain/render/score-picture.js';
import { drawTitle, fitTitle, titleWidth } from '../../../src/domain/render/title-text.js';
import { blankPicture, pixelColors, type Picture } from '../../../src/domain/render/picture.js';
import { THEMES } from '../../../src/domain/render/theme.js';
import { colorAt as at } from '../../support/color-at.js';

const note = (beat: number, beats: number, pitch: number, channel = 0): Note => ({
  ...{ pitch, velocity: 80, channel },
  ...{ startTick: beat * 96, durationTicks: beats * 96 },
});

const score = (notes: readonly Note[], rest: Partial<Score> = {}): Score => ({
  ...{ ticksPerBeat: 96, tempos: [], timeSignatures: [], keySignatures: [], endTick: 0 },
  tracks: [{ name: '', program: 0, notes }],
  ...rest,
});

const count = (picture: Picture, color: number): number => {
  return pixelColors(picture).filter((each) => each === color).length;
};

const theme = THEMES.light;
const { melody, chords } = theme.voices;

describe('drawScore', () => {
  it('draws a note at its beat and pitch', () => {
    const { picture, staves } = drawScore(score([note(3, 2, 64), note(15, 1, 60)]), { scale: 10 });
    const [stave] = staves;
    expect(staves).toHaveLength(1);
    expect([stave!.from, stave!.to]).toEqual([0, 16]);
    const x = (beat: number): number => stave!.left + beat * 20;
    // 25 pitches around 60..64: 50..74, 15 pixels each; 64 has ten above it.
    const y = stave!.top + 10 * 15 + 7;
    expect([2.9, 4, 4.9, 5.1].map((beat) => at(picture, x(beat), y) === melody)).toEqual([false, true, true, false]);
    expect(at(picture, x(4), y - 15)).not.toBe(melody);
    expect(at(picture, x(3) + 2, y)).not.toBe(melody); // the start is marked
    expect(at(picture, x(3) + 6, y)).toBe(melody);
  });

  it('rules the bars of the time signature: 3/4 has a line every three beats, and numbers them', () => {
    const waltz = { timeSignatures: [{ tick: 0, numerator: 3, denominator: 4 }] };
    const { picture, staves } = drawScore(score([note(0, 1, 60), note(8, 1, 60)], waltz), { scale: 16 });
    const stave = staves[0]!;
    const top = stave.top + 2;
    const lines = [...Array(stave.width).keys()].filter((x) => at(picture, stave.left + x, top) === THEMES.light.bar);
    expect(lines).toEqual([0, 3 * 32, 6 * 32]);
    const beats = [...Array(stave.width).keys()].filter((x) => at(picture, stave.left + x, top) === THEMES.light.beat);
    expect(beats).toEqual([1, 2, 4, 5, 7, 8].map((beat) => beat * 32));
  });

  it('distinguishes tracks by color, without drums', () => {
    const tracks = ['melody', 'chords', 'drums'].map((name, i) => ({
      ...{ name, program: 0 },
      notes: [note(0, 4, 48 + 12 * i, i === 2 ? 9 : i)],
    }));
    const { picture } = drawScore(score([], { tracks }));
    expect(count(picture, melody)).toBeGreaterThan(100);
    expect(count(picture, chords)).toBeGreaterThan(100);
    expect(drawScore(score([], { tracks: tracks.slice(0, 2) })).picture).toEqual(picture);
    const { staves } = drawScore(score([note(0, 4, 60), note(30, 1, 36, 9)]));
    expect(staves.at(-1)!.to).toBe(32); // but there is time for them
  });

  it('makes a picture of short music wide enough for its title and voices', () => {
    const tracks = ['A melody', 'Chords'].map((name, i) => ({ name, program: 0, notes: [note(0, 1, 60 + 4 * i)] }));
    const inked = (title: string): number => count(drawScore(score([], { tracks }), { title }).picture, theme.title);
    expect(inked('Nottingham')).toBeGreaterThan(inked('Notting') + 100);
    const names = (longer: string): number =>
      count(drawScore(score([], { tracks: [tracks[0]!, { ...tracks[1]!, name: longer }] })).picture, theme.label);
    expect(names('Chords of mine')).toBeGreaterThan(names('Chords') + 100);
    expect(drawScore(score([note(0, 1, 60)]), { title: 'x'.repeat(500) }).picture.width).toBeLessThan(1300);
  });

  it('names the melody first, and counts the voices for which there is no room', () => {
    const voices = (many: number) =>
      Array.from({ length: many }, (_, i) => ({ name: `voice of ${i}`, program: 0, notes: [note(i, 1, 60)] }));
    const squares = (many: number): number[] => {
      const { picture, staves } = drawScore(score([], { tracks: voices(many) }), { scale: 4, title: 'T' });
      const row = Array.from({ length: picture.width }, (_, x) => at(picture, x, staves[0]!.top - 14));
      return [melody, chords, ...theme.others].map((color) => row.indexOf(color));
    };
    const [first, second, third] = squares(3);
    expect([first! > 0, second! > first!, third! > second!]).toEqual([true, true, true]);
    const some = squares(7);
    expect(some[0]).toBeGreaterThan(0);
    expect(some.filter((x) => x < 0).length).toBeGreaterThan(0); // no room, but the first are there
  });

  it('takes the highest notes of one track as the melody, also above a held chord', () => {
    const held = [note(0, 8, 48), note(0, 2, 60), note(2, 2, 55), note(4, 2, 62)];
    const alone = count(drawScore(score(held)).picture, chords);
    const more = count(drawScore(score([...held, note(6, 2, 50)])).picture, chords);
    expect(alone).toBeGreaterThan(0);
    expect(more).toBe(alone); // 55 and 50 are the highest where they start
    expect(count(drawScore(score([...held, note(4, 2, 52)])).picture, chords)).toBeGreaterThan(alone);
  });

  it('lays long music out in staves of whole bars, each beat in one of them', () => {
    for (const beats of [100, 132, 200, 1000]) {
      const { staves, picture, isTruncated } = drawScore(score([note(0, 1, 60), note(beats - 1, 1, 60)]));
      expect(isTruncated).toBe(false);
      expect(picture.width).toBeLessThan(1150);
      staves.forEach(({ from, to }, i) => {
        expect([from % 4, to % 4, from === (staves[i - 1]?.to ?? 0)]).toEqual([0, 0, true]);
      });
      expect(staves.at(-1)!.to).toBe(4 * Math.ceil(beats / 4));
    }
    expect(drawScore(score([note(132, 1, 60)])).staves).toHaveLength(1); // rather than one bar alone
  });

  it('truncates the picture of endless music, and reports it', () => {
    const { isTruncated, picture, staves } = drawScore(score([note(0, 1, 0), note(99_000, 1, 127)]), { scale: 16 });
    expect([isTruncated, staves.length > 1]).toEqual([true, true]);
    expect(picture.width * picture.height).toBeLessThan(60_000_000);
    const absurd = { timeSignatures: [{ tick: 0, numerator: 1, denominator: 128 }] };
    expect(drawScore(score([note(4000, 1, 60)], absurd)).isTruncated).toBe(true);
  });

  it('draws a bar longer than a staff, and music without notes', () => {
    const long = { timeSignatures: [{ tick: 0, numerator: 255, denominator: 1 }] };
    const { staves } = drawScore(score([note(1000, 4, 60)], long));
    expect(staves.at(-1)!.to).toBe(1020);
    expect(Math.max(...staves.map(({ from, to }) => to - from))).toBeLessThanOrEqual(136);
    expect(drawScore(score([])).staves).toHaveLength(1);
  });
});

describe('titles', () => {
  it('have a different glyph for each ASCII character', () => {
    const signs = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
    const drawn = signs.map((sign) => {
      const picture = blankPicture(5, 8, 0xffffff);
      drawTitle(picture, sign, { left: 0, top: 0, scale: 1, color: 0 });
      return picture.pixels.join();
    });
    expect(new Set(drawn).size).toBe(95);
  });

  it('are shortened to a width, and lose accents but no letters', () => {
    expect(titleWidth('abc', 2)).toBe(34);
    expect(fitTitle('Übermut', 1, 1000)).toBe('Ubermut');
    expect(fitTitle('Żółć, Smørrebrød – straße', 1, 1000)).toBe('Zolc, Smorrebrod - strasse');
    const cut = fitTitle('a very long title', 2, 100);
    expect(cut).toMatch(/^a very.*…$/);
    expect(titleWidth(cut, 2)).toBeLessThanOrEqual(100);
  });
});
