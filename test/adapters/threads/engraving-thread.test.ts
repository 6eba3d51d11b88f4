import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { openEngravingThread } from '../../../src/adapters/threads/engraving-thread.js';
import { plain, revived } from '../../../src/adapters/threads/engraving-messages.js';
import { FileAccessError, ShapeError } from '../../../src/domain/errors.js';
import { engraverContract } from '../../contracts/engraver.contract.js';
import { scratchFolders } from '../../support/scratch.js';
import { tinyMetadata } from '../../support/model/tiny-generator.js';

const folder = scratchFolders();

/** The program's own thread, as it was built. */
const script = pathToFileURL(resolve('dist/app/engraving-thread.js'));

engraverContract('a thread of the program', () => ({ engraver: openEngravingThread(script), folder: folder() }));
engraverContract('a thread of the bundled program', () => ({
  engraver: openEngravingThread(pathToFileURL(resolve('dist/bundle/engraving-thread.js'))),
  folder: folder(),
}));

it('rejects what was asked of a thread that dies, and what is asked of it later', async () => {
  const engraver = openEngravingThread(new URL('data:text/javascript,throw new Error("no such thread")'));
  const tune = { format: tinyMetadata.rollFormat, cells: new Uint8Array(16), title: '', midi: 'a', picture: 'b' };
  const ask = () => engraver.engrave({ ...tune, qpm: 120, program: undefined, key: undefined, look: {} });
  await expect(ask()).rejects.toThrow('no such thread');
  await engraver.close();
  await expect(ask()).rejects.toThrow('no such thread');
});

it('brings an error of files over as one, anything else as a bug, with the place where it happened', () => {
  const [files, bug] = [new FileAccessError('cannot write a'), new ShapeError('add', [[2]], 'one')].map((error) =>
    revived(structuredClone(plain(error))),
  );
  expect(files).toBeInstanceOf(FileAccessError);
  expect(files!.message).toBe('cannot write a');
  expect((files!.cause as Error).stack).toContain('engraving-thread.test');
  expect(bug!.constructor).toBe(Error);
  expect(bug!.stack).toContain('engraving-thread.test');
});
