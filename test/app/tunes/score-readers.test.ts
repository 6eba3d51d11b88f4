import { beforeAll, describe, expect, it } from '@jest/globals';
import { createInspect } from '../../../src/app/inspect/inspect.js';
import { createInspectMidi } from '../../../src/app/inspect/inspect-midi.js';
import { createFindTunes } from '../../../src/app/tunes/find-tunes.js';
import { createReadTunes } from '../../../src/app/tunes/read-tunes.js';
import { readScore } from '../../../src/app/tunes/read-score.js';
import { createScoreReaders } from '../../../src/app/tunes/score-readers.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { createMemoryScoreLibrary } from '../../../src/adapters/web/memory-score-library.js';
import { webDigest } from '../../../src/adapters/web/web-digest.js';
import type { Tune } from '../../../src/domain/dataset/rolls-from-tune.js';
import { ScoreError, ScoreFileError } from '../../../src/domain/music/score-error.js';
import type { ScoreFormat } from '../../../src/ports/score-readers.js';
import { scoreReadersContract } from '../../contracts/score-readers.contract.js';
import { fakeMidi } from '../../support/fakes/fake-midi.js';

class WordError extends ScoreError {
  override readonly code = 'WORDS_BAD';
}

/** Scores of one note, whose text is its pitch. */
const words: ScoreFormat = {
  name: 'Words',
  endings: ['.words', '.w'],
  open: async () => ({
    read(bytes) {
      const pitch = Number(new TextDecoder().decode(bytes));
      if (!Number.isInteger(pitch)) throw new WordError(0, 'not a pitch');
      const tracks = [
        { name: '', program: 0, notes: [{ pitch, velocity: 90, startTick: 0, durationTicks: 480, channel: 0 }] },
      ];
      const score = { ticksPerBeat: 480, tempos: [], timeSignatures: [], keySignatures: [], tracks, endTick: 480 };
      return { score, warnings: [] };
    },
  }),
};
const midi: ScoreFormat = { name: 'MIDI', endings: ['.mid'], open: async () => fakeMidi().reader };
const scoreReaders = createScoreReaders([midi, words]);

scoreReadersContract('of two formats', () => scoreReaders);

describe('a second format', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const files = createMemoryFileStore();
  beforeAll(async () => {
    await files.write('in/a.words', bytes('61'));
    await files.write('in/b.W', bytes('none'));
  });

  it('is found in folders, and each file is read by the reader for its ending', async () => {
    const score = (await readScore('in/a.words', { files, scoreReaders })).score;
    const midiBytes = fakeMidi().writer.write(score);
    const entries = { '/in/a.words': bytes('61'), '/in/b.W': bytes('none'), '/in/c.mid': midiBytes };
    const scoreLibrary = createMemoryScoreLibrary(new Map(Object.entries({ ...entries, '/in/d.txt': bytes('62') })));
    const readTunes = createReadTunes({ scoreLibrary, scoreReaders, digest: webDigest });
    const found = await createFindTunes({ scoreLibrary, scoreReaders, readTunes })({ kind: 'midi', paths: ['/in'] });
    const tunes: Tune[] = [];
    for await (const tune of found.read(1000)) tunes.push(tune);
    expect(tunes.map(({ name }) => name)).toEqual(['a.words', 'b.W', 'c.mid']);
    expect(tunes[0]!.content).toEqual({ score, warnings: [] });
    expect(tunes[1]!.content).toMatchObject({ code: 'WORDS_BAD', offset: 0, refused: 'byte 0: not a pitch' });
    expect(tunes[2]!.content).toEqual({ score, warnings: [] });
  });

  it('is opened once', async () => {
    expect(await scoreReaders.formatOf('a.w').open()).toBe(await scoreReaders.formatOf('b.words').open());
    expect(await scoreReaders.formatOf('a.w').open()).not.toBe(await scoreReaders.formatOf('a.mid').open());
  });

  it('is inspected under its own name', async () => {
    const unused = async (): Promise<never> => Promise.reject(new Error('not asked for'));
    const inspect = createInspect({
      ...{ files, scoreReaders, loadInspectDataset: unused, loadInspectRun: unused, loadInspectModel: unused },
      loadInspectMidi: async () => createInspectMidi({ files, scoreReaders }),
    });
    const { json, lines } = await inspect({ path: 'in/a.words' });
    expect(json).toMatchObject({ kind: 'words', tracks: 1, notes: 1 });
    expect(json).not.toHaveProperty('format');
    expect(lines[0]).toBe('Words file, 1 track, 480 ticks a quarter note');
    await expect(inspect({ path: 'in/b.W' })).rejects.toThrow(ScoreFileError);
  });
});
