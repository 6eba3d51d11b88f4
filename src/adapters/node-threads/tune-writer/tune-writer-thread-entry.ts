import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { TuneWriter } from '../../../ports/tune-writer.js';
import {
  serializeError,
  type TuneWriterRequest,
  type TuneWriterResponse,
  type TuneWriterThreadData,
} from './messages.js';

/**
 * The entry point of the thread of `openTuneWriterThread`. It has a tune writer of its own and ends with `close`.
 */
async function serve(port: MessagePort, { module, exportName }: TuneWriterThreadData): Promise<void> {
  const parts = (await import(module)) as Record<string, () => Promise<TuneWriter>>;
  if (parts[exportName] === undefined) throw new Error(`${module} has no ${exportName}`);
  const engraver = await parts[exportName]();
  const report = (message: TuneWriterResponse): void => port.postMessage(message);
  const unanswered = new Set<Promise<void>>();
  port.on('message', (order: TuneWriterRequest) => {
    if (order === 'close') {
      void Promise.all([engraver.close(), ...unanswered]).then(() => port.close());
      return;
    }
    const { id, tune } = order;
    const answered = engraver.write(tune).then(
      (facts) => report({ id, facts }),
      (cause: unknown) => report({ id, failure: serializeError(cause) }),
    );
    unanswered.add(answered);
    void answered.then(() => unanswered.delete(answered));
  });
}

await serve(parentPort!, workerData as TuneWriterThreadData);
