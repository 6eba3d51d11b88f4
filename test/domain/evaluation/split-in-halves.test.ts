import { describe, expect, it } from '@jest/globals';
import type { DatasetManifest, SourceReport } from '../../../src/domain/dataset/manifest.js';
import { estimateBarLength } from '../../../src/domain/evaluation/features/estimate-bar-length.js';
import { sourceTunes } from '../../../src/domain/evaluation/source-tunes.js';
import { seededSubset, splitInHalves, type SourceTune } from '../../../src/domain/evaluation/split-in-halves.js';
import { DEFAULT_ROLL_FORMAT } from '../../../src/domain/roll/roll-format.js';

const tune = (piece: string, ...rolls: number[]): SourceTune => ({ name: `${piece}.mid`, piece, rolls });

describe('splitInHalves', () => {
  const tunes = Array.from({ length: 21 }, (_, i) => tune(`p${i}`, 3 * i, 3 * i + 1, 3 * i + 2));

  it('assigns each piece to one half with one roll, always the same', () => {
    const { reference, sample } = splitInHalves(tunes);
    expect([reference.length, sample.length]).toEqual([11, 10]);
    const pieces = [...reference, ...sample].map((roll) => Math.floor(roll / 3));
    expect([...pieces].sort((a, b) => a - b)).toEqual(tunes.map((_, i) => i));
    expect(pieces).not.toEqual(tunes.map((_, i) => i));
    expect(new Set([...reference, ...sample].map((roll) => roll % 3)).size).toBe(3); // any of its windows
    expect(splitInHalves(tunes)).toEqual({ reference, sample });
  });

  it('counts copies of one file as one piece', () => {
    const { reference, sample } = splitInHalves([tune('a', 0), tune('a', 1), tune('b', 2), tune('a', 3)]);
    expect([...reference, ...sample].sort()).toEqual([0, 2]);
  });

  it('chooses a random subset in order', () => {
    const items = Array.from({ length: 30 }, (_, i) => i);
    const few = seededSubset(items, 7);
    expect(new Set(few).size).toBe(7);
    expect(few).toEqual([...few].sort((a, b) => a - b));
    expect(few).not.toEqual(items.slice(0, 7));
    expect(seededSubset(items, 7)).toEqual(few);
    expect(seededSubset(items, 30)).toEqual(items);
  });
});

describe('sourceTunes', () => {
  const source = (name: string, rolls: number, sha256?: string): SourceReport => ({
    ...{ name, rolls, outcome: 'used', notes: 1, notesOutside: 0 },
    ...(sha256 === undefined ? {} : { sha256 }),
  });
  const manifest = (sources: readonly SourceReport[], layback: number, from: number, to: number) =>
    ({
      ...{ version: 1, format: DEFAULT_ROLL_FORMAT, rolls: 0, chunks: [], digest: '', origin: '', sources },
      preparation: { windows: 'all', fold: false, layback, transpose: { from, to } },
    }) as DatasetManifest;

  it('have all their windows in order', () => {
    expect(sourceTunes(manifest([source('a', 2, 'x'), source('b', 0), source('c', 1)], 1, 0, 0))).toEqual([
      { name: 'a', piece: 'x', rolls: [0, 1] },
      { name: 'c', piece: 'c', rolls: [2] },
    ]);
  });

  it('leave out transposed and shifted copies', () => {
    // Three keys, two laybacks, two windows: the untransposed tune without layback is the third of six copies.
    const tunes = sourceTunes(manifest([source('a', 12), source('b', 6)], 2, -1, 1));
    expect(tunes.map(({ rolls }) => rolls)).toEqual([[4, 5], [12 + 2]]);
    expect(sourceTunes(manifest([source('a', 6)], 1, 3, 5))[0]!.rolls).toEqual([0, 1]);
  });

  it('have at least one roll if copies lost windows', () => {
    expect(sourceTunes(manifest([source('a', 2), source('b', 3)], 1, -1, 1)).map(({ rolls }) => rolls)).toEqual([
      [0],
      [3],
    ]);
  });
});

describe('estimateBarLength', () => {
  const bars = (columns: number, rhythm: readonly number[]) =>
    [0, 1, 2, 3, 4].flatMap((bar) =>
      rhythm.map((start, i) => ({ pitch: 60 + bar + i, start: bar * columns + start, length: 1 })),
    );

  it('is the period of the rhythm', () => {
    expect(estimateBarLength(bars(6, [0, 4]), 30, 2)).toBe(6);
    expect(estimateBarLength(bars(8, [0, 3, 4]), 40, 2)).toBe(8);
    expect(estimateBarLength(bars(12, [0, 8]), 60, 4)).toBe(12);
  });

  it('is 4 beats by default', () => {
    expect(estimateBarLength([], 0, 2)).toBe(8);
    expect(estimateBarLength([{ pitch: 60, start: 3, length: 2 }], 5, 2)).toBe(8);
  });
});
