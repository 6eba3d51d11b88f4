import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createNodeDatasetStore } from '../../src/adapters/node-files/dataset/node-dataset-store.js';
import { createNodeScoreLibrary } from '../../src/adapters/node-files/node-score-library.js';
import { sha256 } from '../../src/adapters/node-platform/sha256.js';
import { createStandardMidiReader } from '../../src/adapters/midi/standard-midi-reader.js';
import { describePreparation } from '../../src/app/prepare/describe.js';
import { createPrepare, type PrepareResult } from '../../src/app/prepare/prepare.js';
import { DEFAULT_ROLL_FORMAT, type RollFormat } from '../../src/domain/roll/roll-format.js';
import { prepareParts } from '../support/prepare-parts.js';
import { recordingConsole } from '../support/fakes/recording-console.js';

const CORPUS = '../shared/data/nottingham';

describe('preparing 832 folk tunes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-corpus-'));
  const datasets = createNodeDatasetStore();
  const cutting = prepareParts(createNodeScoreLibrary(), createStandardMidiReader(), sha256);
  const run = (name: string, format: RollFormat = DEFAULT_ROLL_FORMAT): Promise<PrepareResult> =>
    createPrepare({ ...cutting, datasets, console: recordingConsole(), signal: new AbortController().signal })({
      input: { kind: 'midi', paths: [CORPUS] },
      out: join(folder, name),
      format,
      preparation: { windows: 'all', layback: 1, transpose: { from: 0, to: 0 }, fold: false },
      replace: false,
      strict: true,
      limitBytes: 2 ** 26,
    });
  let first: PrepareResult;
  beforeAll(async () => {
    first = await run('first');
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('uses every file', () => {
    expect(describePreparation(first).at(-3)).toBe(
      '832 files (3 copies of another file): 832 used, 0 damaged but used, 0 empty, 0 refused',
    );
    const { sources, rolls, chunks } = first.manifest;
    expect(sources).toHaveLength(832);
    expect(sources.every((source) => source.notesOutside === 0)).toBe(true);
    expect(sources.reduce((sum, source) => sum + source.rolls, 0)).toBe(rolls);
    expect(chunks.map((chunk) => chunk.rolls)).toEqual([512, 512, rolls - 1024]);
  });

  it('gives the same bytes again', async () => {
    await run('second');
    for (const file of ['dataset.json', ...first.manifest.chunks.map((chunk) => chunk.file)]) {
      const read = (run: string) => sha256(readFileSync(join(folder, run, file)));
      expect(await read('second')).toBe(await read('first'));
    }
  }, 60_000);

  it('is what it was when it was first made', () => {
    expect(first.manifest.digest).toBe('b91876a6cb09481284709bd0b14f71d620654353defa49be13c2d6cf0ed49225');
  });

  it('has onsets within sustained notes, and as many rolls, with two channels', async () => {
    const channels = [
      { voice: 'all', kind: 'sustain' },
      { voice: 'all', kind: 'onset' },
    ] as const;
    const { manifest } = await run('onsets', { ...DEFAULT_ROLL_FORMAT, channels });
    expect(manifest.rolls).toBe(first.manifest.rolls);
    const dataset = await datasets.open(join(folder, 'onsets'));
    for (let i = 0; i < manifest.rolls; i += 97) {
      const packed = dataset.packedRoll(i);
      const half = packed.length / 2;
      const outside = packed.subarray(half).some((onsets, at) => (onsets & ~packed[at]!) !== 0);
      expect([i, outside]).toEqual([i, false]);
    }
    await dataset.close();
  }, 60_000);
});
