import { describe, expect, it } from '@jest/globals';
import type { ComposeResult } from '../../../src/app/compose/compose-request.js';
import { describeComposition, describeSounds } from '../../../src/app/compose/describe.js';
import { tuneFiles } from '../../../src/app/tunes/tune-files.js';

/** The files of each of `count` tunes. */
const filesOf = (out: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({ index: i + 1, ...tuneFiles(out, count, i + 1) }));

const facts = { key: 'C', notes: 12, pitchMin: 60, pitchMax: 81, seconds: 7.96, blank: false };
const result: ComposeResult = {
  model: 'models/dcgan-a.onnx',
  architecture: 'dcgan-a',
  depth: 32,
  device: 'cpu',
  seed: 7,
  source: 'seed 7',
  likeness: null,
  threshold: 0.5,
  out: 'out',
  tunes: filesOf('out', 2).map((file) => ({ ...file, weights: null, ...facts })),
  drawing: ['C4 ┤▄'],
};

describe('describeComposition', () => {
  it('lists the facts and files of each tune, and how to get other tunes', () => {
    expect(describeComposition(result)).toEqual([
      'tune 1: 12 notes from C4 to A5, 8.0 s: out/tune-0001.mid, drawn in out/tune-0001.png',
      'tune 2: 12 notes from C4 to A5, 8.0 s: out/tune-0002.mid, drawn in out/tune-0002.png',
      '2 tunes composed by models/dcgan-a.onnx (dcgan-a, depth 32, on cpu) from seed 7',
      'for other tunes use another seed: --seed 8',
    ]);
  });

  it('reports blank tunes and suggests a lower threshold', () => {
    const blank = { ...facts, notes: 0, pitchMin: null, pitchMax: null, seconds: 0, blank: true };
    const lines = describeComposition({ ...result, tunes: [result.tunes[0]!, { ...result.tunes[1]!, ...blank }] });
    expect(lines[1]).toBe('tune 2: blank, no notes: out/tune-0002.mid, drawn in out/tune-0002.png');
    expect(lines[3]).toBe('1 of them is blank; --threshold 0.25 lets less probable cells sound');
  });

  it('lists only the first of many tunes', () => {
    const tunes = filesOf('out', 1000).map((file) => ({ ...file, weights: null, ...facts }));
    const lines = describeComposition({ ...result, tunes });
    expect(lines.length).toBeLessThan(50);
    expect(lines).toContain('... and 968 more tunes in out');
    expect(describeComposition({ ...result, source: 'a.mid, varied by 0.3, seed 7', likeness: 0.414 })[3]).toBe(
      'the closest match of the model to it has 41 % intersection over union of the sounding cells',
    );
    expect(describeComposition({ ...result, source: 'seed 3 to seed 9' }).slice(2)).toEqual([
      '2 tunes composed by models/dcgan-a.onnx (dcgan-a, depth 32, on cpu) from seed 3 to seed 9',
    ]);
  });
});

describe('describeSounds', () => {
  it('lists each WAV file, and each notice once', () => {
    const notices = ['the SoundFont has no cello (program 42): violin plays instead'];
    const heard = result.tunes.map((tune) => ({ ...tune, wav: `${tune.index}.wav`, wavSeconds: 6.5, notices }));
    expect(describeSounds(result.tunes)).toEqual([]);
    expect(describeSounds(heard)).toEqual([
      'sound of tune 1: 1.wav, 6.5 s',
      'sound of tune 2: 2.wav, 6.5 s',
      'the SoundFont has no cello (program 42): violin plays instead',
    ]);
  });
});

describe('tuneFiles', () => {
  it('pads numbers so that names sort in numerical order', () => {
    expect(tuneFiles('out/', 1, 1)).toEqual({
      midi: 'out/tune-0001.mid',
      picture: 'out/tune-0001.png',
      weights: 'out/tune-0001-weights.png',
      sound: 'out/tune-0001.wav',
    });
    for (const count of [9, 9999, 10_000]) {
      const names = filesOf('/', count).map(({ midi }) => midi);
      expect([...names].sort()).toEqual(names);
      expect(names[0]).toMatch(/^\/tune-0+1\.mid$/);
    }
  });
});
