import { beforeEach, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../src/adapters/node-platform/sha256.js';
import { describePreparation } from '../../../src/app/prepare/describe.js';
import type { TuneInput } from '../../../src/app/tunes/find-tunes.js';
import { describeDataset } from '../../../src/app/inspect/describe-dataset.js';
import { createInspectDataset } from '../../../src/app/inspect/inspect-dataset.js';
import {
  createPrepare,
  type Prepare,
  type PrepareRequest,
  type PrepareResult,
} from '../../../src/app/prepare/prepare.js';
import {
  AlreadyExistsError,
  FileAccessError,
  InterruptedError,
  UnusableSourcesError,
  UsageError,
} from '../../../src/domain/errors.js';
import { MidiError } from '../../../src/domain/midi/midi-error.js';
import { DEFAULT_ROLL_FORMAT } from '../../../src/domain/roll/roll-format.js';
import type { MidiReader } from '../../../src/ports/midi-reader.js';
import { prepareParts } from '../../support/prepare-parts.js';
import { createMemoryDatasetStore, type MemoryDatasetStore } from '../../../src/adapters/web/memory-dataset-store.js';
import { createMemoryScoreLibrary, type ScoreLibraryEntry } from '../../../src/adapters/web/memory-score-library.js';
import { recordingConsole, type RecordingConsole } from '../../support/fakes/recording-console.js';

/** Reads `note <pitch>`, `silence` and `cut <pitch>` (a damaged file); refuses anything else. */
const wordReader: MidiReader = {
  read(bytes) {
    const [word, pitch = '0'] = Buffer.from(bytes).toString().split(' ');
    if (!['note', 'silence', 'cut'].includes(word!)) throw new MidiError('MIDI_NOT_MIDI', 3, 'no word of ours');
    const note = { pitch: Number(pitch), velocity: 90, startTick: 0, durationTicks: 480, channel: 0 };
    const tracks = [{ name: '', program: 0, notes: word === 'silence' ? [] : [note] }];
    const score = { ticksPerBeat: 480, tempos: [], timeSignatures: [], keySignatures: [], tracks, endTick: 480 };
    return {
      score,
      format: 1,
      trackChunks: 1,
      warnings: word === 'cut' ? [{ offset: 8, message: 'it ends here' }] : [],
    };
  },
};

describe('prepare', () => {
  let entries: Map<string, ScoreLibraryEntry>;
  let datasets: MemoryDatasetStore;
  let console: RecordingConsole;
  let stop: AbortController;
  let prepare: Prepare;
  beforeEach(() => {
    entries = new Map();
    datasets = createMemoryDatasetStore({ digest: sha256 });
    console = recordingConsole();
    stop = new AbortController();
    const ports = prepareParts(createMemoryScoreLibrary(entries, ['/in']), wordReader, sha256);
    prepare = createPrepare({ ...ports, datasets, console, signal: stop.signal });
  });
  const add = (name: string, text: string): unknown => entries.set(`/in/${name}`, Buffer.from(text));
  const run = (
    changes: Partial<PrepareRequest> = {},
    input: TuneInput = { kind: 'midi', paths: ['/in'] },
  ): Promise<PrepareResult> =>
    prepare({
      input,
      out: 'data/set',
      format: DEFAULT_ROLL_FORMAT,
      preparation: { windows: 'all', layback: 1, transpose: { from: 0, to: 0 }, fold: false },
      replace: false,
      strict: false,
      limitBytes: 100,
      ...changes,
    });
  const addOneOfEach = (): void => {
    add('d.mid', 'note 60');
    add('b.mid', 'nonsense');
    add('c.mid', 'cut 62');
    add('a\u001b.mid', 'note 60');
    add('e.mid', 'silence');
    add('f.mid', 'x'.repeat(101));
    entries.set('/in/g.mid', 'unreadable');
  };

  it('reports each file once, in order of name, with its outcome and the reason', async () => {
    addOneOfEach();
    const { manifest } = await run();
    const digest = (text: string): Promise<string> => sha256(Buffer.from(text));
    expect(manifest.sources).toEqual([
      { name: 'a\u001b.mid', outcome: 'used', sha256: await digest('note 60'), rolls: 1, notes: 1, notesOutside: 0 },
      {
        name: 'b.mid',
        outcome: 'refused',
        reason: 'byte 3: no word of ours',
        code: 'MIDI_NOT_MIDI',
        offset: 3,
        sha256: await digest('nonsense'),
        rolls: 0,
        notes: 0,
        notesOutside: 0,
      },
      {
        name: 'c.mid',
        outcome: 'damaged',
        reason: 'byte 8: it ends here',
        sha256: await digest('cut 62'),
        rolls: 1,
        notes: 1,
        notesOutside: 0,
      },
      { name: 'd.mid', outcome: 'used', sha256: await digest('note 60'), rolls: 1, notes: 1, notesOutside: 0 },
      {
        name: 'e.mid',
        outcome: 'empty',
        reason: 'it has no notes',
        sha256: await digest('silence'),
        rolls: 0,
        notes: 0,
        notesOutside: 0,
      },
      {
        name: 'f.mid',
        outcome: 'refused',
        reason: 'cannot read f.mid: it has 101 bytes',
        code: 'FILE_ACCESS',
        rolls: 0,
        notes: 0,
        notesOutside: 0,
      },
      {
        name: 'g.mid',
        outcome: 'refused',
        reason: 'cannot read g.mid: it is no file',
        code: 'FILE_ACCESS',
        rolls: 0,
        notes: 0,
        notesOutside: 0,
      },
    ]);
    expect(manifest).toMatchObject({ origin: 'in', rolls: 3 });
    expect(console.updates.map(({ done, total, unit }) => `${done}/${total} ${unit}`)).toEqual(
      [1, 2, 3, 4, 5, 6, 7].map((n) => `${n}/7 files`),
    );
  });

  it('describes each file in a line and adds a summary', async () => {
    addOneOfEach();
    const result = await run();
    expect(describePreparation(result)).toEqual([
      'used     a\\x1b.mid  1 note, 1 roll',
      'refused  b.mid  byte 3: no word of ours',
      'damaged  c.mid  1 note, 1 roll; byte 8: it ends here',
      'used     d.mid  1 note, 1 roll',
      'empty    e.mid  it has no notes',
      'refused  f.mid  cannot read f.mid: it has 101 bytes',
      'refused  g.mid  cannot read g.mid: it is no file',
      '7 files (1 copy of another file): 2 used, 1 damaged but used, 1 empty, 3 refused',
      'data/set: 3 rolls in 1 chunk, 64 pitches from 30, 256 columns, 2 a beat, all:sustain',
      `digest ${result.manifest.digest}`,
    ]);
  });

  it('keeps the rolls in the order of the sources', async () => {
    add('b.mid', 'note 61');
    add('a.mid', 'note 93');
    await run();
    const { packed } = datasets.datasets.get('data/set')!;
    expect(packed.map((roll) => Math.floor(roll.findIndex((byte) => byte !== 0) / 32))).toEqual([93 - 30, 61 - 30]);
  });

  it('writes nothing with `strict` if a file is damaged or refused, and reports which', async () => {
    add('a.mid', 'note 60');
    add('b.mid', 'cut 60');
    await expect(run({ strict: true })).rejects.toThrow(UnusableSourcesError);
    expect(console.lines.join('\n')).toContain('damaged  b.mid  1 note, 1 roll; byte 8: it ends here');
    expect(datasets.datasets.size).toBe(0);
    entries.delete('/in/b.mid');
    add('c.mid', 'silence'); // an empty tune is neither damaged nor refused
    expect((await run({ strict: true })).manifest.rolls).toBe(1);
  });

  it('fails if no file is usable, with the reason for each', async () => {
    add('a.mid', 'nonsense');
    add('b.mid', 'silence');
    await expect(run()).rejects.toThrow(
      'no roll could be made from any of the 2 files (1 refused, 0 damaged, 1 empty)',
    );
    expect(console.lines.join('\n')).toMatch(/refused {2}a\.mid.*\n.*empty {4}b\.mid/s);
    entries.clear();
    await expect(run()).rejects.toThrow('there is no MIDI file');
    await expect(run({}, { kind: 'midi', paths: ['/nowhere'] })).rejects.toThrow(FileAccessError);
    expect(datasets.datasets.size).toBe(0);
  });

  it('replaces a dataset only with `replace`', async () => {
    add('a.mid', 'note 60');
    const first = await run();
    add('b.mid', 'note 60');
    await expect(run()).rejects.toThrow(AlreadyExistsError);
    expect(datasets.datasets.get('data/set')!.manifest).toEqual(first.manifest);
    expect((await run({ replace: true })).manifest.rolls).toBe(2);
  });

  it('writes nothing when it is interrupted', async () => {
    for (let i = 0; i < 5; i++) add(`${i}.mid`, 'note 60');
    const progress = console.progress;
    console.progress = (update) => {
      progress(update);
      if (update.done === 2) stop.abort();
    };
    await expect(run()).rejects.toThrow(InterruptedError);
    expect(console.updates.at(-1)!.done).toBe(2);
    expect(datasets.datasets.size).toBe(0);
  });

  it('prepares demo tunes, equal ones for equal seeds', async () => {
    const demo = (seed: number, out: string, tunes = 3): Promise<PrepareResult> =>
      run({ out }, { kind: 'demo', tunes, seed });
    const first = await demo(4, 'one');
    expect(first.manifest.sources.map((source) => source.name)).toEqual(['demo-00001', 'demo-00002', 'demo-00003']);
    expect(first.manifest.origin).toBe('demo composer, 3 tunes, seed 4');
    expect(describePreparation(first)[0]).toBe('3 tunes: 3 used, 0 damaged but used, 0 empty, 0 refused');
    expect((await demo(4, 'two')).manifest).toEqual(first.manifest);
    expect((await demo(5, 'three')).manifest.digest).not.toBe(first.manifest.digest);
    const packed = (out: string): readonly Uint8Array[] => datasets.datasets.get(out)!.packed;
    await demo(4, 'longer', 4);
    expect(packed('longer').slice(0, 3)).toEqual(packed('one'));
  });

  it('refuses numbers out of range before anything is read or written', async () => {
    const preparation = { windows: 'all', layback: 0, transpose: { from: 0, to: 0 }, fold: false } as const;
    await expect(run({ preparation })).rejects.toThrow(UsageError);
    await expect(run({ limitBytes: 0 })).rejects.toThrow(UsageError);
    await expect(run({ format: { ...DEFAULT_ROLL_FORMAT, pitches: 99 } })).rejects.toThrow(UsageError);
    for (const tunes of [0, 1.5, 1_000_001])
      await expect(run({}, { kind: 'demo', tunes, seed: 1 })).rejects.toThrow(UsageError);
    for (const seed of [-1, 0.5, 2 ** 53])
      await expect(run({}, { kind: 'demo', tunes: 1, seed })).rejects.toThrow(UsageError);
  });

  it('writes a dataset that can be inspected', async () => {
    addOneOfEach();
    const { manifest } = await run();
    const inspection = await createInspectDataset({ datasets })('data/set');
    expect(inspection.json).toEqual({
      kind: 'dataset',
      path: 'data/set',
      version: 1,
      rolls: 3,
      chunks: 1,
      format: DEFAULT_ROLL_FORMAT,
      preparation: manifest.preparation,
      origin: 'in',
      sources: { used: 2, damaged: 1, empty: 1, refused: 3 },
      duplicates: 1,
      notes: 3,
      notesOutside: 0,
      density: 2 / (64 * 256), // each note lasts one beat of two columns
      blankRolls: 0,
      digest: manifest.digest,
    });
    expect(describeDataset(inspection.json).join('\n')).toContain('3 rolls in 1 chunk, all whole');
  });
});
