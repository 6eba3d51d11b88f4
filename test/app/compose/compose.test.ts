import { beforeEach, describe, expect, it } from '@jest/globals';
import { createStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import type { ComposeRequest } from '../../../src/app/compose/compose-request.js';
import type { Render, RenderRequest } from '../../../src/app/render/render.js';
import {
  AlreadyExistsError,
  DamagedFileError,
  FileAccessError,
  InterruptedError,
  UnavailableDeviceError,
  UsageError,
} from '../../../src/domain/errors.js';
import { composeSetUp, type ComposeSetUp } from '../../support/compose-set-up.js';
import { decodePlainPicture } from '../../support/fakes/plain-picture-encoder.js';

describe('compose', () => {
  let files: ComposeSetUp['files'];
  let runtime: ComposeSetUp['runtime'];
  let console: ComposeSetUp['console'];
  let stop: ComposeSetUp['stop'];
  let compose: ComposeSetUp['compose'];
  let written: ComposeSetUp['written'];
  let hex: ComposeSetUp['hex'];
  beforeEach(async () => {
    ({ files, runtime, console, stop, compose, written, hex } = await composeSetUp());
  });
  const names = (out: string): string[] =>
    written().filter((path) => path.startsWith(`${out}/`) && path.endsWith('.mid'));

  it('renders the sound of the tunes it has written, and returns it with each tune', async () => {
    const asked: RenderRequest[] = [];
    const loadRender = async (): Promise<Render> => async (wanted) => {
      asked.push(wanted);
      expect(names('out')).toEqual(wanted.paths);
      return wanted.paths.map((midi, i) => ({
        ...{ midi, notes: 1, seconds: 2, png: null, wav: `${i}.wav`, wavSeconds: 3 + i, notices: ['no cello'] },
      }));
    };
    const sound = { soundFont: 'my.sf2', minutes: 5 };
    const { tunes } = await compose({ sound }, { loadRender });
    expect(asked).toEqual([expect.objectContaining({ sound, picture: undefined, out: undefined, replace: true })]);
    expect(tunes.map(({ wav, wavSeconds, notices }) => ({ wav, wavSeconds, notices }))).toEqual(
      [0, 1, 2].map((i) => ({ wav: `${i}.wav`, wavSeconds: 3 + i, notices: ['no cello'] })),
    );
    expect((await compose({ replace: true })).tunes[0]).not.toHaveProperty('wav');
  });

  it('writes a MIDI file and a picture per tune, and returns their facts', async () => {
    const { tunes, ...result } = await compose();
    expect(written()).toEqual(['0001', '0002', '0003'].flatMap((n) => [`out/tune-${n}.mid`, `out/tune-${n}.png`]));
    expect(result).toMatchObject({
      architecture: 'tiny',
      depth: 3,
      device: 'paper',
      seed: 7,
      threshold: 0.5,
      drawing: [],
    });
    for (const tune of tunes) {
      const { score } = createStandardMidiReader().read(files.files.get(tune.midi)!);
      const notes = score.tracks.flatMap((track) => track.notes);
      expect(notes.length).toBe(tune.notes);
      expect(notes.length).toBeGreaterThan(0);
      expect([Math.min(...notes.map((n) => n.pitch)), Math.max(...notes.map((n) => n.pitch))]).toEqual([
        tune.pitchMin,
        tune.pitchMax,
      ]);
      expect(tune.seconds).toBeCloseTo((score.endTick / 480) * (60 / 90), 4);
      const track = score.tracks.find((each) => each.notes.length > 0)!;
      expect([track.program, track.name]).toEqual([21, `tiny depth 3, seed 7, tune ${tune.index}`]);
      expect(decodePlainPicture(files.files.get(tune.picture)!).width).toBeGreaterThan(100);
    }
    expect(runtime.released).toBe(1);
  });

  it('writes equal files for equal seeds; tune i does not depend on the count', async () => {
    await compose({ count: 20, out: 'a' });
    await compose({ count: 3, out: 'b' });
    await compose({ count: 3, out: 'c', seed: 8 });
    expect(hex('b/tune-0003.mid')).toBe(hex('a/tune-0003.mid'));
    expect(hex('b/tune-0003.png')).toBe(hex('a/tune-0003.png'));
    expect(hex('c/tune-0003.png')).not.toBe(hex('b/tune-0003.png'));
    expect(hex('a/tune-0002.png')).not.toBe(hex('a/tune-0001.png'));
  });

  it('interpolates between the tunes of two seeds', async () => {
    await compose({ count: 1, seed: 3, out: 'a' });
    await compose({ count: 1, seed: 9, out: 'b' });
    const { source } = await compose({ count: 5, interpolate: { from: 3, to: 9 }, out: 'way' });
    expect(source).toBe('seed 3 to seed 9');
    expect(names('way')).toHaveLength(5);
    const notes = (path: string) => createStandardMidiReader().read(files.files.get(path)!).score.tracks[0]!.notes;
    expect(notes('way/tune-0001.mid')).toEqual(notes('a/tune-0001.mid'));
    expect(notes('way/tune-0005.mid')).toEqual(notes('b/tune-0001.mid'));
    await compose({ count: 5, interpolate: { from: 3, to: 9 }, out: 'again' });
    expect(hex('again/tune-0003.mid')).toBe(hex('way/tune-0003.mid'));
  });

  it('keeps the noise within the truncation, and writes the same tunes again', async () => {
    const seen: number[] = [];
    const { load } = runtime;
    runtime.load = async (model, device) => {
      const generator = await load(model, device);
      return {
        ...generator,
        generateCells: (noise, count) => {
          seen.push(...noise);
          return generator.generateCells(noise, count);
        },
      };
    };
    await compose({ count: 20, truncation: 0.5 });
    expect(seen).toHaveLength(60);
    expect(Math.max(...seen.map(Math.abs))).toBeLessThanOrEqual(0.5);
    await compose({ count: 20, truncation: 0.5, out: 'again' });
    expect(hex('again/tune-0009.mid')).toBe(hex('out/tune-0009.mid'));
  });

  it('writes the requested key as key signature, and warns if a tune is in another key', async () => {
    const { tunes } = await compose({ count: 2, key: { tonic: 9, mode: 'minor' } });
    for (const { midi, key } of tunes) {
      const { score } = createStandardMidiReader().read(files.files.get(midi)!);
      expect(score.keySignatures).toEqual([{ tick: 0, sharps: 0, mode: 'minor' }]);
      const warned = console.lines.some((line) => line.includes(`sounds more like ${key} than Am`));
      expect(warned).toBe(key !== null && key !== 'Am'); // transposing may move both pitches out of the roll
    }
  });

  it('draws the first tune as text on request', async () => {
    const { drawing, tunes } = await compose({ showFirst: { width: 40, ascii: true } });
    expect(drawing.join('')).toMatch(/C4 \+.*["_#]/);
    expect(tunes).toHaveLength(3);
  });

  it('makes fewer cells sound at a higher threshold, and reports blank tunes', async () => {
    const sounding = async (threshold: number): Promise<number> => {
      const { tunes } = await compose({ threshold, replace: true });
      return tunes.reduce((sum, { seconds }) => sum + seconds, 0);
    };
    const [all, some, none] = [await sounding(0), await sounding(0.9), await sounding(1)];
    expect(all).toBeGreaterThan(some);
    expect([some > 0, none]).toEqual([true, 0]);
    const [tune] = (await compose({ threshold: 1, replace: true })).tunes;
    expect(tune).toMatchObject({ blank: true, notes: 0, pitchMin: null, pitchMax: null, seconds: 0 });
  });

  it('replaces files only with `replace`', async () => {
    await compose({ count: 1 });
    await expect(compose({ count: 2, seed: 9 })).rejects.toThrow(AlreadyExistsError);
    await expect(compose({ count: 2, seed: 9 })).rejects.toThrow('out/tune-0001.mid');
    const [before, names] = [hex('out/tune-0001.png'), written()];
    expect(names).toHaveLength(2);
    await compose({ count: 2, seed: 9, replace: true });
    expect(hex('out/tune-0001.png')).not.toBe(before);
  });

  it('composes into a folder with other files', async () => {
    files.files.set('out/notes.txt', Uint8Array.of(1));
    await compose({ count: 1 });
    expect(written()).toHaveLength(3);
  });

  it.each<[string, Partial<ComposeRequest>, new (...args: never[]) => Error, RegExp]>([
    ['a count of 0', { count: 0 }, UsageError, /count/],
    ['a count that is not a whole number', { count: 2.5 }, UsageError, /count/],
    ['too many tunes', { count: 1e9 }, UsageError, /count/],
    ['a seed below 0', { seed: -1 }, UsageError, /seed/],
    ['a seed that a double cannot represent', { seed: 2 ** 53 }, UsageError, /seed/],
    ['a threshold over 1', { threshold: 1.5 }, UsageError, /threshold/],
    ['a threshold that is not a number', { threshold: NaN }, UsageError, /threshold/],
    ['a truncation of 0', { truncation: 0 }, UsageError, /truncation/],
    [
      'an interpolation of one step',
      { count: 1, interpolate: { from: 1, to: 2 } },
      UsageError,
      /2 steps or more, got 1/,
    ],
    ['a density of 0', { density: 0 }, UsageError, /density/],
    ['a density and a threshold', { density: 2, threshold: 0.4 }, UsageError, /leave out the threshold or the density/],
    ['a tempo of 0', { qpm: 0 }, UsageError, /qpm/],
    ['a program over 127', { program: 128 }, UsageError, /program/],
    ['a missing model', { model: 'models/none.onnx' }, FileAccessError, /models\/none.onnx/],
    ['a file that is not a model', { model: 'models/junk.onnx' }, DamagedFileError, /models\/junk.onnx/],
    ['a missing device', { device: 'cuda' }, UnavailableDeviceError, /cuda/],
    ['a file in place of the folder', { out: 'models/junk.onnx' }, AlreadyExistsError, /models\/junk.onnx/],
  ])('writes nothing for %s', async (_what, changes, error, reason) => {
    files.files.set('models/junk.onnx', Uint8Array.of(1, 2, 3));
    await expect(compose(changes)).rejects.toThrow(error);
    await expect(compose(changes)).rejects.toThrow(reason);
    expect(written()).toEqual([]);
  });

  it('stops between tunes when interrupted, and reports how many are done', async () => {
    const write = files.write.bind(files);
    files.write = async (path, bytes) => {
      stop.abort();
      await write(path, bytes);
    };
    await expect(compose({ count: 100 })).rejects.toThrow(InterruptedError);
    expect(written().length % 2).toBe(0);
    expect(written().length).toBeLessThan(100);
    await expect(compose({ count: 100, out: 'b' })).rejects.toThrow(/0 of 100/);
    expect(runtime.released).toBe(2);
  });

  it('reports progress of many tunes and releases the generator when a write fails', async () => {
    await compose({ count: 20 });
    expect(console.updates.at(-1)).toMatchObject({ done: 20, total: 20 });
    files.write = async (path) => {
      throw new FileAccessError(`cannot write ${path}: no space left`);
    };
    await expect(compose({ out: 'full' })).rejects.toThrow('full/tune-0001.mid: no space left');
    expect(runtime.released).toBe(2);
  });
});
