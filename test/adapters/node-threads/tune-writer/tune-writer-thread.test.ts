import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { openTuneWriterThread } from '../../../../src/adapters/node-threads/tune-writer/tune-writer-thread.js';
import { serializeError, deserializeError } from '../../../../src/adapters/node-threads/tune-writer/messages.js';
import { FileAccessError, ShapeError, WorkerError } from '../../../../src/domain/errors.js';
import type { TuneWriter, TuneFacts } from '../../../../src/ports/tune-writer.js';
import { tuneWriterContract } from '../../../contracts/tune-writer.contract.js';
import { tinyMetadata } from '../../../support/model/tiny-generator.js';
import { scratchFolders } from '../../../support/files/scratch.js';
import { realTuneWriter } from '../../../support/real-tune-writer.js';

/** Threads run what is built: they know nothing of this test's TypeScript. */
const built = (path: string): URL => pathToFileURL(resolve('dist', path));
const entry = built('adapters/node-threads/tune-writer/tune-writer-thread-entry.js');
const OF_THE_PROGRAM = { module: built('app/wiring/threads.js').href, exportName: 'openInlineTuneWriter' };

const folder = scratchFolders();
tuneWriterContract(
  'a thread of the program',
  realTuneWriter(folder, () => openTuneWriterThread({ ...OF_THE_PROGRAM, entry })),
);
tuneWriterContract(
  'a thread of the bundled program',
  realTuneWriter(folder, () =>
    openTuneWriterThread({
      ...OF_THE_PROGRAM,
      module: built('bundle/threads.js').href,
      entry: built('bundle/tune-writer-thread-entry.js'),
    }),
  ),
);

const FILL_MEMORY = 'const all = []; for (;;) all.push(new Array(1e6).fill(0.5 + all.length))';
const THROW_LATER = `setImmediate(() => { throw new Error('nobody catches this'); }); await new Promise(() => {});`;

describe('a tune writer thread that dies', () => {
  const tune = { format: tinyMetadata.rollFormat, cells: new Uint8Array(16), title: '', midi: 'a', picture: 'b' };
  const ask = (writer: TuneWriter): Promise<TuneFacts> =>
    writer.write({ ...tune, qpm: 120, program: undefined, key: undefined, appearance: {} });
  const module = (program: string): string => `data:text/javascript,${encodeURIComponent(program)}`;
  const opening = (deed: string): string =>
    module(`export const open = async () => ({ write: async () => { ${deed} }, close: async () => {} });`);

  it.each([
    ['ends', opening('process.exit(7)'), /stopped: it ended with exit code 7; tunes that it wrote are whole$/],
    ['throws', opening(THROW_LATER), /stopped: nobody catches this; /],
    ['has nothing to open', module('export const other = 1;'), /stopped: .* has no open; /],
    ['never begins', module(`import 'nowhere';`), /stopped: .*nowhere/],
    ['fills its memory', opening(FILL_MEMORY), /stopped: it ran out of memory; /],
  ])('says so when it %s, to all who wait and all who come', async (_how, from, sentence) => {
    const writer = openTuneWriterThread({ module: from, exportName: 'open', entry, maxHeapMegabytes: 32 });
    const waiting = await Promise.allSettled([ask(writer), ask(writer)]);
    for (const { reason } of waiting as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(WorkerError);
      expect((reason as Error).message).toMatch(sentence);
    }
    await writer.close();
    await expect(ask(writer)).rejects.toThrow(sentence);
  }); // prettier-ignore

  it('says so to those who wait while it is closed', async () => {
    const writer = openTuneWriterThread({ module: opening('process.exit(7)'), exportName: 'open', entry });
    const waiting = Promise.allSettled([ask(writer)]);
    await writer.close();
    const [{ reason }] = (await waiting) as [PromiseRejectedResult];
    expect((reason as Error).message).toMatch(/it ended with exit code 7/);
  });
});

it('brings an error of files over as one, anything else as a bug, with the place where it happened', () => {
  const [files, bug] = [new FileAccessError('cannot write a'), new ShapeError('add', [[2]], 'one')].map((error) =>
    deserializeError(structuredClone(serializeError(error))),
  );
  expect(files).toBeInstanceOf(FileAccessError);
  expect(files!.message).toBe('cannot write a');
  expect((files!.cause as Error).stack).toContain('tune-writer-thread.test');
  expect(bug!.constructor).toBe(Error);
  expect(bug!.stack).toContain('tune-writer-thread.test');
});
