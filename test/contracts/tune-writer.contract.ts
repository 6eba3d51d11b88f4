import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FileAccessError } from '../../src/domain/errors.js';
import { parseKey } from '../../src/domain/music/tonal-key.js';
import { cellCount, type RollFormat } from '../../src/domain/roll/roll-format.js';
import { pixelColors, type Picture } from '../../src/domain/render/picture.js';
import { drawRoll } from '../../src/domain/render/roll-picture.js';
import type { TuneWriter, TuneToWrite } from '../../src/ports/tune-writer.js';
import type { FileStore } from '../../src/ports/file-store.js';
import type { MidiReader } from '../../src/ports/midi-reader.js';
import { tinyMetadata } from '../support/model/tiny-generator.js';

/** A new engraver, and who reads what it writes. */
export interface TuneWriterUnderTest {
  readonly tuneWriter: TuneWriter;
  /** Where it may write; empty. */
  readonly folder: string;
  readonly files: FileStore;
  readonly reader: MidiReader;
  decode(picture: Uint8Array): Picture;
}

const { rollFormat: format } = tinyMetadata;

/** What every Engraver promises. */
export function tuneWriterContract(name: string, make: () => TuneWriterUnderTest): void {
  describe(`TuneWriter: ${name}`, () => {
    let tuneWriter: TuneWriter;
    let folder: string;
    let files: FileStore;
    let reader: MidiReader;
    let decode: TuneWriterUnderTest['decode'];
    beforeEach(() => void ({ tuneWriter, folder, files, reader, decode } = make()));
    afterEach(() => tuneWriter.close());

    const tune = (cells: readonly number[], called: string, changes: Partial<TuneToWrite> = {}): TuneToWrite => ({
      ...{ format, cells: Uint8Array.from(cells), title: `tune ${called}` },
      ...{ midi: `${folder}/${called}.mid`, picture: `${folder}/${called}.png` },
      ...{ qpm: 90, program: 21, key: undefined, appearance: { scale: 2 }, ...changes },
    });
    const probabilities = Float32Array.from({ length: cellCount(format) }, (_, i) => i / cellCount(format));
    const one = [1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1];

    it('has written the files when it resolves, returns the tune’s facts, and does not change the tune', async () => {
      const weights = { probabilities: probabilities.slice(), path: `${folder}/a-weights.png` };
      const given = tune(one, 'a', { weights, key: parseKey('Am') });
      const facts = await tuneWriter.write(given);
      expect(facts).toMatchObject({ notes: 3, pitchMin: 60, pitchMax: 61, blank: false });
      expect(facts.seconds).toBeCloseTo((4 * 60) / 90, 4); // MIDI has tempos in whole microseconds a beat
      const { score } = reader.read(await files.read(given.midi));
      expect(score.tracks.find(({ notes }) => notes.length > 0)).toMatchObject({ name: 'tune a', program: 21 });
      expect(score.keySignatures).toEqual([{ tick: 0, sharps: 0, mode: 'minor' }]);
      for (const path of [given.picture, weights.path]) {
        expect(decode(await files.read(path)).width).toBeGreaterThan(20);
      }
      expect(await files.list(folder)).toHaveLength(3);
      expect([[...given.cells], [...weights.probabilities]]).toEqual([one, [...probabilities]]);
    });

    it('draws the tune as its roll is drawn, each voice by its name', async () => {
      const voices = (['melody', 'chords'] as const).map((voice) => ({ voice, kind: 'sustain' as const }));
      const two: RollFormat = { ...format, channels: voices };
      const cells = Uint8Array.from([...one, ...one.toReversed()]);
      const given = tune([], 'two', { format: two, cells });
      await tuneWriter.write(given);
      const drawn = drawRoll({ format: two, cells }, { ...given.appearance, title: given.title });
      const picture = decode(await files.read(given.picture));
      expect([picture.width, picture.height]).toEqual([drawn.width, drawn.height]);
      expect(pixelColors(picture)).toEqual(pixelColors(drawn));
    });

    it('reports that a blank tune is blank', async () => {
      const blank = Array.from(one, () => 0);
      const facts = await tuneWriter.write(tune(blank, 'b'));
      expect(facts).toEqual({ notes: 0, pitchMin: null, pitchMax: null, seconds: 0, blank: true });
    });

    it('writes equal bytes for equal tunes, beside any other tunes', async () => {
      const cells = fc.array(fc.constantFrom(0, 1), { minLength: 16, maxLength: 16 });
      await fc.assert(
        fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 12 }), async (many) => {
          const facts = await Promise.all(many.map((each, i) => tuneWriter.write(tune(each, `${i}`, { title: 't' }))));
          const alone = await tuneWriter.write(tune(many.at(-1)!, 'alone', { title: 't' }));
          expect(alone).toEqual(facts.at(-1));
          for (const end of ['mid', 'png']) {
            const paths = ['alone', many.length - 1].map((called) => `${folder}/${called}.${end}`);
            const [a, b] = await Promise.all(paths.map((path) => files.read(path)));
            expect(Buffer.compare(a!, b!)).toBe(0);
          }
        }),
        { numRuns: 10 },
      );
    });

    it('rejects a file that cannot be written, naming the path, and still writes other tunes', async () => {
      await files.write(`${folder}/file`, Uint8Array.of(1));
      const work = [tune(one, 'a'), tune(one, 'file/b'), tune(one, 'c')].map((each) => tuneWriter.write(each));
      const [a, b, c] = await Promise.allSettled(work);
      expect([a!.status, b!.status, c!.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      const { reason } = b as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(FileAccessError);
      expect((reason as Error).message).toContain(`${folder}/file/b.mid`);
      expect(await files.list(folder)).toEqual(['a.mid', 'a.png', 'c.mid', 'c.png', 'file']);
    });

    it('closes when all requested tunes are written, and then rejects more', async () => {
      const work = Array.from({ length: 20 }, (_, i) => tuneWriter.write(tune(one, `${i}`)));
      await tuneWriter.close();
      expect(await files.list(folder)).toHaveLength(40);
      expect(await Promise.all(work)).toHaveLength(20);
      await expect(tuneWriter.write(tune(one, 'late'))).rejects.toThrow('closed');
      await tuneWriter.close();
    });
  });
}
