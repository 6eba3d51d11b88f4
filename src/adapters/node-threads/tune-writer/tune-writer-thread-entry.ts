import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Engraver } from '../../../ports/tune-writer.js';
import { plain, type EngravingOrder, type EngravingReport, type EngravingThreadStart } from './messages.js';

/** What the thread of `openEngravingThread` runs: an engraver of its own, until it is told that no tune comes any more. */
async function serve(port: MessagePort, { module, open }: EngravingThreadStart): Promise<void> {
  const parts = (await import(module)) as Record<string, () => Promise<Engraver>>;
  if (parts[open] === undefined) throw new Error(`${module} has no ${open}`);
  const engraver = await parts[open]();
  const report = (message: EngravingReport): void => port.postMessage(message);
  const unanswered = new Set<Promise<void>>();
  port.on('message', (order: EngravingOrder) => {
    if (order === 'close') {
      void Promise.all([engraver.close(), ...unanswered]).then(() => port.close());
      return;
    }
    const { id, tune } = order;
    const answered = engraver.engrave(tune).then(
      (facts) => report({ id, facts }),
      (cause: unknown) => report({ id, failure: plain(cause) }),
    );
    unanswered.add(answered);
    void answered.then(() => unanswered.delete(answered));
  });
}

await serve(parentPort!, workerData as EngravingThreadStart);
