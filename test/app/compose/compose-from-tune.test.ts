import { beforeEach, describe, expect, it } from '@jest/globals';
import { createStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import type { ComposeRequest } from '../../../src/app/compose/compose-request.js';
import { FileAccessError, InterruptedError, UsageError } from '../../../src/domain/errors.js';
import { MidiFileError } from '../../../src/domain/midi/midi-error.js';
import { singleRollFromScore } from '../../../src/domain/roll/quantize.js';
import { composeSetUp, type ComposeSetUp } from '../../support/compose-set-up.js';
import { tinyMetadata } from '../../support/model/tiny-generator.js';

describe('compose from a tune', () => {
  let files: ComposeSetUp['files'];
  let stop: ComposeSetUp['stop'];
  let compose: ComposeSetUp['compose'];
  let written: ComposeSetUp['written'];
  let hex: ComposeSetUp['hex'];
  beforeEach(async () => {
    ({ files, stop, compose, written, hex } = await composeSetUp());
    await compose({ count: 1, seed: 42, out: 'a' }); // a tune that the model can draw
  });
  const format = tinyMetadata.rollFormat;
  /** The cells of a MIDI file in the roll format of the model. */
  const cellsOf = (path: string, columns = format.columns): number[] => [
    ...singleRollFromScore(createStandardMidiReader().read(files.files.get(path)!).score, { ...format, columns }).cells,
  ];
  const like = (variation: number, changes: Partial<ComposeRequest> = {}) =>
    compose({ like: { path: 'a/tune-0001.mid', variation }, threshold: 0.5, ...changes });
  const kept = { path: 'a/tune-0001.mid', columns: { from: 2, to: 6 } };

  it('finds the noise of a tune at variation 0, and draws the tune of the seed at variation 1', async () => {
    const { likeness, source } = await like(0, { count: 2, out: 'same' });
    expect([likeness, source]).toEqual([1, 'a/tune-0001.mid, varied by 0, seed 7']);
    expect(cellsOf('same/tune-0001.mid')).toEqual(cellsOf('a/tune-0001.mid'));
    expect(cellsOf('same/tune-0002.mid')).toEqual(cellsOf('a/tune-0001.mid'));
    await like(1, { count: 3, out: 'far' });
    await compose({ count: 3, out: 'own' });
    expect(cellsOf('far/tune-0003.mid')).toEqual(cellsOf('own/tune-0003.mid'));
    await like(0.5, { count: 2, out: 'b' });
    await like(0.5, { count: 2, out: 'c' });
    expect(hex('c/tune-0002.mid')).toBe(hex('b/tune-0002.mid'));
  });

  it('keeps the given columns exactly, and composes the others from the seed', async () => {
    const want = cellsOf('a/tune-0001.mid');
    await compose({ complete: kept, count: 4, out: 'b' });
    const tunes = [1, 2, 3, 4].map((n) => cellsOf(`b/tune-000${n}.mid`));
    for (const cells of tunes) {
      const inside = (at: number): boolean => at % 8 >= 2 && at % 8 < 6;
      expect(cells.filter((_, at) => inside(at))).toEqual(want.filter((_, at) => inside(at)));
    }
    expect(new Set(tunes.map(String)).size).toBeGreaterThan(1);
    await compose({ complete: kept, count: 1, out: 'c' });
    expect(hex('c/tune-0001.mid')).toBe(hex('b/tune-0001.mid'));
  });

  it('writes a tune of the requested length that begins like the tune of the seed', async () => {
    await compose({ length: 64, count: 2, out: 'b', threshold: 0.5 });
    await compose({ length: 64, count: 2, out: 'c', threshold: 0.5 });
    expect(hex('c/tune-0002.mid')).toBe(hex('b/tune-0002.mid'));
    await compose({ count: 1, out: 'd', threshold: 0.5 });
    const [long, short] = [cellsOf('b/tune-0001.mid', 64), cellsOf('d/tune-0001.mid')];
    expect(long.filter((_, at) => at % 64 < 8)).toEqual(short);
    expect(long.filter((_, at) => at % 64 >= 56)).toContain(1);
  });

  it.each<[string, Partial<ComposeRequest>, new (...args: never[]) => Error, RegExp]>([
    ['a missing tune', { like: { path: 'none.mid', variation: 0 } }, FileAccessError, /none.mid/],
    [
      'a file that is not MIDI',
      { like: { path: 'models/tiny.onnx', variation: 0 } },
      MidiFileError,
      /models\/tiny.onnx/,
    ],
    [
      'a tune without a note in the roll',
      { complete: { ...kept, path: 'blank/tune-0001.mid' } },
      UsageError,
      /no note/,
    ],
    [
      'columns beyond the roll',
      { complete: { ...kept, columns: { from: 2, to: 9 } } },
      UsageError,
      /columns 2-9 end after the 8 columns of a roll/,
    ],
    ['too much variation', { like: { path: 'a/tune-0001.mid', variation: 2 } }, UsageError, /from 0 to 1, got 2/],
    [
      '--complete with --like',
      { complete: kept, like: { path: 'a/tune-0001.mid', variation: 0 } },
      UsageError,
      /--complete and --like do not go together/,
    ],
    ['the length of one roll', { length: 8 }, UsageError, /more than the 8 of one roll/],
    ['a length that is not a multiple of 8', { length: 20 }, UsageError, /multiple of 8 columns/],
  ])('writes nothing for %s', async (_what, changes, error, reason) => {
    await compose({ count: 1, out: 'blank', threshold: 1 });
    await expect(compose({ ...changes, out: 'b' })).rejects.toThrow(error);
    await expect(compose({ ...changes, out: 'b' })).rejects.toThrow(reason);
    expect(written().filter((path) => path.startsWith('b/'))).toEqual([]);
  });

  it('stops during the search when interrupted', async () => {
    stop.abort();
    await expect(like(0, { out: 'b' })).rejects.toThrow(InterruptedError);
  });
});
