import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createNodeScoreLibrary } from '../../../src/adapters/node-files/node-score-library.js';
import { scoreLibraryContract } from '../../contracts/score-library.contract.js';
import { scratchFolders } from '../../support/files/scratch.js';
import { MIDI_ENDINGS } from '../../../src/domain/midi/midi-endings.js';

const scratch = scratchFolders();

scoreLibraryContract('node', () => {
  const root = scratch();
  const at = (path: string): string => {
    mkdirSync(dirname(`${root}/${path}`), { recursive: true });
    return `${root}/${path}`;
  };
  return {
    library: createNodeScoreLibrary(),
    root,
    addFile: (path, bytes) => writeFileSync(at(path), bytes),
    addLink: (path, target) => symlinkSync(target, at(path)),
    addUnreadable: (path) => execFileSync('mkfifo', [at(path)]), // opening it to read would wait for ever
  };
});

describe('node MIDI library', () => {
  let root: string;
  const library = createNodeScoreLibrary();
  beforeEach(() => {
    root = scratch();
  });
  const texts = async (...paths: string[]): Promise<Record<string, string>> => {
    const found = await library.find(paths.length === 0 ? [root] : paths, MIDI_ENDINGS);
    const read = async (file: (typeof found)[number]): Promise<string> =>
      library.read(file, 1e6).then(
        (bytes) => Buffer.from(bytes).toString(),
        (error: Error) => error.message,
      );
    return Object.fromEntries(await Promise.all(found.map(async (file) => [file.name, await read(file)] as const)));
  };

  it('reads files with odd names', async () => {
    const odd = [
      'with space.mid',
      `"quoted's".mid`,
      'new\nline.mid',
      '-rf.mid',
      '--help.mid',
      '\u001b[2J.mid',
      'a\\xe9.mid',
      '.mid',
      '~.mid',
      '$HOME.mid',
      '*.mid',
      `${'n'.repeat(251)}.mid`,
    ];
    for (const name of odd) writeFileSync(`${root}/${name}`, `bytes of ${name}`);
    expect(await texts()).toEqual(Object.fromEntries(odd.map((name) => [name, `bytes of ${name}`])));
  });

  it('reads names that are not UTF-8, and keeps them apart', async () => {
    const bytes = (...middle: number[]): Buffer =>
      Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from(middle), Buffer.from('.mid')]);
    writeFileSync(bytes(0xe9), 'latin 1');
    writeFileSync(bytes(0xff), 'nothing');
    writeFileSync(bytes(0xc3, 0xa9), 'utf-8');
    writeFileSync(bytes(0xef, 0xbf, 0xbd, 0xe9), 'replacement character, then a byte');
    writeFileSync(`${root}/caf\\xe9.mid`, 'a backslash'); // is called as the first one is shown
    mkdirSync(Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xe9])]));
    writeFileSync(Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xe9]), Buffer.from('/x.mid')]), 'in a folder');
    const found = await texts();
    expect(Object.values(found).sort()).toEqual(
      ['latin 1', 'nothing', 'utf-8', 'replacement character, then a byte', 'a backslash', 'in a folder'].sort(),
    );
    expect(found['caf\\xff.mid']).toBe('nothing');
    expect(found['café.mid']).toBe('utf-8');
    expect(found['d\\xe9/x.mid']).toBe('in a folder');
  });

  it('looks into folders that are called like files, and reports empty ones', async () => {
    mkdirSync(`${root}/full.mid/inner.mid`, { recursive: true });
    writeFileSync(`${root}/full.mid/x.mid`, 'x');
    expect(await texts()).toEqual({
      'full.mid/x.mid': 'x',
      'full.mid/inner.mid/': 'cannot read full.mid/inner.mid/: it is a folder, not a file',
    });
  });

  it('says of each link why it is not followed, and of each pipe and device what it is', async () => {
    mkdirSync(`${root}/in`);
    writeFileSync(`${root}/outside.mid`, 'secret');
    symlinkSync(`${root}/outside.mid`, `${root}/in/absolute.mid`);
    symlinkSync('/dev/zero', `${root}/in/zero.mid`);
    symlinkSync('..', `${root}/in/parent.mid`);
    symlinkSync('b.mid', `${root}/in/a.mid`);
    symlinkSync('a.mid', `${root}/in/b.mid`);
    symlinkSync('gone', `${root}/in/gone.mid`);
    execFileSync('mkfifo', [`${root}/in/pipe.mid`]);
    const out = 'a link that leads out of the folder, so it is not followed';
    expect(await texts(`${root}/in`)).toEqual({
      'a.mid': 'cannot read a.mid: it is a link that leads in a circle',
      'absolute.mid': `cannot read absolute.mid: it is ${out}`,
      'b.mid': 'cannot read b.mid: it is a link that leads in a circle',
      'gone.mid': 'cannot read gone.mid: it is a link that leads nowhere',
      'parent.mid': `cannot read parent.mid: it is ${out}`,
      'pipe.mid': 'cannot read pipe.mid: it is a named pipe, not a file',
      'zero.mid': `cannot read zero.mid: it is ${out}`,
    });
    await expect(library.find(['/dev/null'], MIDI_ENDINGS)).resolves.toHaveLength(1);
    expect(await texts('/dev/null')).toEqual({ null: 'cannot read null: it is a device, not a file' });
  });

  it('reads a link within the folder under the name of the file, and two hard links as two files', async () => {
    writeFileSync(`${root}/data.bin`, 'linked');
    symlinkSync('data.bin', `${root}/z.mid`);
    symlinkSync('data.bin', `${root}/y.mid`);
    writeFileSync(`${root}/hard1.mid`, 'hard');
    linkSync(`${root}/hard1.mid`, `${root}/hard2.mid`);
    expect(await texts()).toEqual({ 'y.mid': 'linked', 'hard1.mid': 'hard', 'hard2.mid': 'hard' });
  });

  it('lets other work have its turn', async () => {
    writeFileSync(`${root}/x.mid`, 'x');
    const [file] = await library.find([root], MIDI_ENDINGS);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const end = performance.now() + 150;
    while (performance.now() < end) await library.read(file!, 10);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });
});
