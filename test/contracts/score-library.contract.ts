import { beforeEach, describe, expect, it } from '@jest/globals';
import { FileAccessError } from '../../src/domain/errors.js';
import type { ScoreLibrary } from '../../src/ports/score-library.js';
import { MIDI_ENDINGS } from '../../src/domain/midi/midi-endings.js';

/** A library over an empty folder, and ways to put things into it. */
interface ScoreLibraryUnderTest {
  readonly library: ScoreLibrary;
  readonly root: string;
  /** Paths are below `root`; missing folders are made. */
  addFile(path: string, bytes: Uint8Array): void;
  /** @param target absolute, or relative to the link's folder */
  addLink(path: string, target: string): void;
  /** Something with a name that cannot be opened as a file. */
  addUnreadable(path: string): void;
}

/** What every ScoreLibrary promises. */
export function scoreLibraryContract(name: string, make: () => ScoreLibraryUnderTest): void {
  describe(`ScoreLibrary: ${name}`, () => {
    let given: ScoreLibraryUnderTest;
    let library: ScoreLibrary;
    let root: string;
    const add = (...paths: string[]): void => paths.forEach((path) => given.addFile(path, Buffer.from(path)));
    const names = async (...paths: string[]): Promise<string[]> =>
      (await library.find(paths.length === 0 ? [root] : paths, MIDI_ENDINGS)).map((file) => file.name);
    beforeEach(() => {
      given = make();
      ({ library, root } = given);
    });

    it('lists every file once, in order of code points, with any ending in any case, at any depth', async () => {
      add(
        'b.mid',
        'B.MID',
        'a10.midi',
        'a9.Kar',
        'ä.smf',
        '\u{1d11e}.mid',
        '\uff01.mid',
        'sub/deep/z.rmi',
        'sub/a.mid',
        'sub.mid',
      );
      add('notes.txt', 'mid', 'x.mid.bak', 'sub/.mid2');
      const expected = [
        'B.MID',
        'a10.midi',
        'a9.Kar',
        'b.mid',
        'sub.mid',
        'sub/a.mid',
        'sub/deep/z.rmi',
        'ä.smf',
        '\uff01.mid',
        '\u{1d11e}.mid',
      ];
      expect(await names()).toEqual(expected);
      expect(await names(root, `${root}/sub`, `${root}/sub/a.mid`, `${root}/`)).toEqual(expected);
    });

    it('gives every file a name of its own', async () => {
      add('one/x.mid', 'two/x.mid', 'one/y.mid');
      const found = await library.find([`${root}/one`, `${root}/two`], MIDI_ENDINGS);
      expect(found.map((file) => file.name)).toEqual([`${root}/one/x.mid`, `${root}/two/x.mid`, 'y.mid']);
      const texts = await Promise.all(found.map(async (file) => Buffer.from(await library.read(file, 100)).toString()));
      expect(texts).toEqual(['one/x.mid', 'two/x.mid', 'one/y.mid']);
    });

    it('lists a file that is named itself whatever its ending', async () => {
      add('tune.backup', 'other.txt');
      expect(await names(`${root}/tune.backup`)).toEqual(['tune.backup']);
    });

    it('does not follow links out of the folder, and ends loops', async () => {
      add('inside/real.mid', 'secret.mid', 'elsewhere/far.mid');
      given.addLink('inside/loop', '.');
      given.addLink('inside/up', '..');
      given.addLink('inside/out.mid', '../secret.mid');
      given.addLink('inside/round.mid', 'round.mid');
      given.addLink('inside/dangling.mid', 'nothing.mid');
      given.addLink('inside/again.mid', 'real.mid');
      const found = await library.find([`${root}/inside`], MIDI_ENDINGS);
      expect(found.map((file) => file.name)).toEqual(['dangling.mid', 'out.mid', 'real.mid', 'round.mid']);
      for (const file of found.filter((each) => each.name !== 'real.mid')) {
        await expect(library.read(file, 1000)).rejects.toThrow(FileAccessError);
        await expect(library.read(file, 1000)).rejects.toThrow(file.name);
      }
    });

    it('rejects a path that does not exist, naming it', async () => {
      await expect(library.find([root, `${root}/nowhere`], MIDI_ENDINGS)).rejects.toThrow(FileAccessError);
      await expect(library.find([root, `${root}/nowhere`], MIDI_ENDINGS)).rejects.toThrow(`${root}/nowhere`);
    });

    it('lists a file that cannot be read, and rejects reading it, or one over the limit, naming it', async () => {
      add('good.mid');
      given.addUnreadable('bad.mid');
      const [bad, good] = await library.find([root], MIDI_ENDINGS);
      expect([bad!.name, good!.name]).toEqual(['bad.mid', 'good.mid']);
      await expect(library.read(bad!, 1000)).rejects.toThrow(FileAccessError);
      await expect(library.read(bad!, 1000)).rejects.toThrow('bad.mid');
      expect(Buffer.from(await library.read(good!, 'good.mid'.length)).toString()).toBe('good.mid');
      await expect(library.read(good!, 'good.mid'.length - 1)).rejects.toThrow(FileAccessError);
      await expect(library.read(good!, 'good.mid'.length - 1)).rejects.toThrow('good.mid');
    });
  });
}
