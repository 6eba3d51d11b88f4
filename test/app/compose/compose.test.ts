import { beforeEach, describe, expect, it } from '@jest/globals';
import { createStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import { createStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import { createCompose } from '../../../src/app/compose/compose.js';
import type { ComposePorts, ComposeRequest } from '../../../src/app/compose/compose-request.js';
import type { Render, RenderRequest } from '../../../src/app/render/render.js';
import { createTuneWriter } from '../../../src/app/tunes/write-tune.js';
import { MidiFileError } from '../../../src/domain/midi/midi-error.js';
import {
  AlreadyExistsError,
  DamagedFileError,
  FileAccessError,
  InterruptedError,
  UnavailableDeviceError,
  UsageError,
} from '../../../src/domain/errors.js';
import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import { createEngineRegistry, onCpuOnly } from '../../../src/app/wiring/engine-registry.js';
import type { Machine } from '../../../src/ports/machine.js';
import { singleRollFromScore } from '../../../src/domain/roll/quantize.js';
import { formulaGeneratorRuntime } from '../../support/fakes/formula-generator-runtime.js';
import { jsonModelFormat } from '../../support/fakes/json-model-format.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { decodePlainPicture, plainPictureEncoder } from '../../support/fakes/plain-picture-encoder.js';
import { recordingConsole } from '../../support/fakes/recording-console.js';
import { createNoiseSearchFactory } from '../../../src/app/complete/complete.js';
import { tinyProbabilities, tinyGenerator, tinyMetadata } from '../../support/model/tiny-generator.js';

const request: ComposeRequest = {
  model: 'models/tiny.onnx',
  count: 3,
  seed: 7,
  out: 'out',
  device: 'auto',
  replace: false,
  qpm: 90,
  program: 21,
};

describe('compose', () => {
  let files: ReturnType<typeof createMemoryFileStore>;
  let runtime: ReturnType<typeof formulaGeneratorRuntime>;
  let console: ReturnType<typeof recordingConsole>;
  let stop: AbortController;

  let ports: ComposePorts;
  beforeEach(async () => {
    files = createMemoryFileStore();
    files.files.set('models/tiny.onnx', await jsonModelFormat.encodeGenerator(tinyGenerator(), tinyMetadata));
    runtime = formulaGeneratorRuntime(tinyProbabilities);
    console = recordingConsole();
    stop = new AbortController();
    const midiWriter = createStandardMidiWriter();
    const engines = createEngineRegistry({ onnxruntime: onCpuOnly(createReferenceEngine) });
    const machine = { facts: () => ({ cores: 1 }) } as Machine;
    const tuneSearch = createNoiseSearchFactory({
      ...{ files, midiReader: createStandardMidiReader(), modelFormat: jsonModelFormat },
      ...{ engines, machine, console, signal: stop.signal },
    });
    ports = {
      files,
      runtime,
      openTuneWriter: async () => createTuneWriter({ files, midiWriter, pictures: plainPictureEncoder }),
      console,
      signal: stop.signal,
      loadRender: () => Promise.reject(new Error('no sound is asked for')),
      loadNoiseSearchFactory: async () => tuneSearch,
    };
  });
  const compose = (changes: Partial<ComposeRequest> = {}) => createCompose(ports)({ ...request, ...changes });
  const written = (): string[] => [...files.files.keys()].filter((path) => !path.startsWith('models/'));
  const names = (out: string): string[] =>
    written().filter((path) => path.startsWith(`${out}/`) && path.endsWith('.mid'));
  const hex = (path: string): string => Buffer.from(files.files.get(path)!).toString('hex');

  it('renders the sound of what it has written, and tells it with each tune', async () => {
    const asked: RenderRequest[] = [];
    const loadRender = async (): Promise<Render> => async (wanted) => {
      asked.push(wanted);
      expect(names('out')).toEqual(wanted.paths);
      return wanted.paths.map((midi, i) => ({
        ...{ midi, notes: 1, seconds: 2, png: null, wav: `${i}.wav`, wavSeconds: 3 + i, notices: ['no cello'] },
      }));
    };
    const sound = { soundFont: 'my.sf2', minutes: 5 };
    const { tunes } = await createCompose({ ...ports, loadRender })({ ...request, sound });
    expect(asked).toEqual([expect.objectContaining({ sound, picture: undefined, out: undefined, replace: true })]);
    expect(tunes.map(({ wav, wavSeconds, notices }) => ({ wav, wavSeconds, notices }))).toEqual(
      [0, 1, 2].map((i) => ({ wav: `${i}.wav`, wavSeconds: 3 + i, notices: ['no cello'] })),
    );
    expect((await compose({ replace: true })).tunes[0]).not.toHaveProperty('wav');
  });

  it('writes a MIDI file and a picture a tune, and says what they are', async () => {
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

  it('gives equal files for equal seeds, and tune i whatever the count', async () => {
    await compose({ count: 20, out: 'a' });
    await compose({ count: 3, out: 'b' });
    await compose({ count: 3, out: 'c', seed: 8 });
    expect(hex('b/tune-0003.mid')).toBe(hex('a/tune-0003.mid'));
    expect(hex('b/tune-0003.png')).toBe(hex('a/tune-0003.png'));
    expect(hex('c/tune-0003.png')).not.toBe(hex('b/tune-0003.png'));
    expect(hex('a/tune-0002.png')).not.toBe(hex('a/tune-0001.png'));
  });

  it('goes from the tune of one seed to that of another', async () => {
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

  it('draws no noise beyond the truncation, and gives the same tunes again', async () => {
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

  it('writes the key that was asked for as the signature, and says when a tune is in another', async () => {
    const { tunes } = await compose({ count: 2, key: { tonic: 9, mode: 'minor' } });
    for (const { midi, key } of tunes) {
      const { score } = createStandardMidiReader().read(files.files.get(midi)!);
      expect(score.keySignatures).toEqual([{ tick: 0, sharps: 0, mode: 'minor' }]);
      const warned = console.lines.some((line) => line.includes(`sounds more like ${key} than Am`));
      expect(warned).toBe(key !== null && key !== 'Am'); // a roll of two pitches may lose them all
    }
  });

  describe('beginning with a tune', () => {
    const format = tinyMetadata.rollFormat;
    /** The cells of a MIDI file as the model's rolls have them. */
    const cellsOf = (path: string, columns = format.columns): number[] => [
      ...singleRollFromScore(createStandardMidiReader().read(files.files.get(path)!).score, { ...format, columns })
        .cells,
    ];
    const like = (variation: number, changes: Partial<ComposeRequest> = {}) =>
      compose({ like: { path: 'a/tune-0001.mid', variation }, threshold: 0.5, ...changes });
    const kept = { path: 'a/tune-0001.mid', columns: { from: 2, to: 6 } };
    beforeEach(async () => {
      await compose({ count: 1, seed: 42, out: 'a' }); // a tune that the model can draw
    });

    it('finds a noise of the tune again, varies it the more the more is asked for, and ends at the seed’s own', async () => {
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

    it('keeps the columns that are to stay exactly, and composes the others by the seed', async () => {
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

    it('writes a tune as long as asked for, which begins as the seed’s', async () => {
      await compose({ length: 64, count: 2, out: 'b', threshold: 0.5 });
      await compose({ length: 64, count: 2, out: 'c', threshold: 0.5 });
      expect(hex('c/tune-0002.mid')).toBe(hex('b/tune-0002.mid'));
      await compose({ count: 1, out: 'd', threshold: 0.5 });
      const [long, short] = [cellsOf('b/tune-0001.mid', 64), cellsOf('d/tune-0001.mid')];
      expect(long.filter((_, at) => at % 64 < 8)).toEqual(short);
      expect(long.filter((_, at) => at % 64 >= 56)).toContain(1);
    });

    it.each<[string, Partial<ComposeRequest>, new (...args: never[]) => Error, RegExp]>([
      ['a tune that is not there', { like: { path: 'none.mid', variation: 0 } }, FileAccessError, /none.mid/],
      ['a tune that is none', { like: { path: 'models/tiny.onnx', variation: 0 } }, MidiFileError, /models\/tiny.onnx/],
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
        /2-9 are not all of a roll of 8/,
      ],
      ['too much variation', { like: { path: 'a/tune-0001.mid', variation: 2 } }, UsageError, /from 0 to 1, got 2/],
      [
        'both',
        { complete: kept, like: { path: 'a/tune-0001.mid', variation: 0 } },
        UsageError,
        /--complete and --like do not go together/,
      ],
      ['a length of a roll', { length: 8 }, UsageError, /more than the 8 of one roll/],
      ['an odd length', { length: 20 }, UsageError, /multiple of 8 columns/],
    ])('writes nothing for %s', async (_what, changes, error, reason) => {
      await compose({ count: 1, out: 'blank', threshold: 1 });
      await expect(compose({ ...changes, out: 'b' })).rejects.toThrow(error);
      await expect(compose({ ...changes, out: 'b' })).rejects.toThrow(reason);
      expect(written().filter((path) => path.startsWith('b/'))).toEqual([]);
    });

    it('stops while it searches, when interrupted', async () => {
      stop.abort();
      await expect(like(0, { out: 'b' })).rejects.toThrow(InterruptedError);
    });
  });

  it('draws the first tune when asked to', async () => {
    const { drawing, tunes } = await compose({ showFirst: { width: 40, ascii: true } });
    expect(drawing.join('')).toMatch(/C4 \+.*["_#]/);
    expect(tunes).toHaveLength(3);
  });

  it('lets fewer cells sound the higher the threshold, and says when a tune is blank', async () => {
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

  it('refuses to replace files unless told to', async () => {
    await compose({ count: 1 });
    await expect(compose({ count: 2, seed: 9 })).rejects.toThrow(AlreadyExistsError);
    await expect(compose({ count: 2, seed: 9 })).rejects.toThrow('out/tune-0001.mid');
    const [before, names] = [hex('out/tune-0001.png'), written()];
    expect(names).toHaveLength(2);
    await compose({ count: 2, seed: 9, replace: true });
    expect(hex('out/tune-0001.png')).not.toBe(before);
  });

  it('composes beside other files', async () => {
    files.files.set('out/notes.txt', Uint8Array.of(1));
    await compose({ count: 1 });
    expect(written()).toHaveLength(3);
  });

  it.each<[string, Partial<ComposeRequest>, new (...args: never[]) => Error, RegExp]>([
    ['a count of none', { count: 0 }, UsageError, /count/],
    ['a count that is no whole number', { count: 2.5 }, UsageError, /count/],
    ['too many tunes', { count: 1e9 }, UsageError, /count/],
    ['a seed below 0', { seed: -1 }, UsageError, /seed/],
    ['a seed that no double holds', { seed: 2 ** 53 }, UsageError, /seed/],
    ['a threshold over 1', { threshold: 1.5 }, UsageError, /threshold/],
    ['a threshold that is no number', { threshold: NaN }, UsageError, /threshold/],
    ['a truncation of nothing', { truncation: 0 }, UsageError, /truncation/],
    ['a way of one step', { count: 1, interpolate: { from: 1, to: 2 } }, UsageError, /2 steps or more, got 1/],
    ['no density', { density: 0 }, UsageError, /density/],
    ['a density and a threshold', { density: 2, threshold: 0.4 }, UsageError, /leave out the threshold or the density/],
    ['no tempo', { qpm: 0 }, UsageError, /qpm/],
    ['a program over 127', { program: 128 }, UsageError, /program/],
    ['a model that is not there', { model: 'models/none.onnx' }, FileAccessError, /models\/none.onnx/],
    ['a model that is none', { model: 'models/junk.onnx' }, DamagedFileError, /models\/junk.onnx/],
    ['a device that is not there', { device: 'cuda' }, UnavailableDeviceError, /cuda/],
    ['a file as the folder', { out: 'models/junk.onnx' }, AlreadyExistsError, /models\/junk.onnx/],
  ])('writes nothing for %s', async (_what, changes, error, reason) => {
    files.files.set('models/junk.onnx', Uint8Array.of(1, 2, 3));
    await expect(compose(changes)).rejects.toThrow(error);
    await expect(compose(changes)).rejects.toThrow(reason);
    expect(written()).toEqual([]);
  });

  it('stops between tunes when interrupted, and says how far it came', async () => {
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
