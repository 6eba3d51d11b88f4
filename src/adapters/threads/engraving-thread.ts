import { Worker } from 'node:worker_threads';
import type { Engraver, TuneFacts, TuneToEngrave } from '../../ports/engraver.js';
import { revived, type Answer, type Question } from './engraving-messages.js';

/**
 * Writes tunes down in a thread of its own, so that a model can run at the same time. The thread ends with `close`; until then it
 * keeps the process alive. @param script serves with serveEngraver
 */
export function openEngravingThread(script: URL): Engraver {
  const worker = new Worker(script);
  const waiting = new Map<number, { resolve(facts: TuneFacts): void; reject(cause: unknown): void }>();
  let asked = 0;
  let ended: Error | undefined;
  const end = (cause: Error): void => {
    ended ??= cause;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.on('error', end);
  worker.once('exit', (code) => end(new Error(`the thread that writes tunes ended with ${code}`)));
  worker.on('message', (answer: Answer) => {
    const { resolve, reject } = waiting.get(answer.id)!;
    waiting.delete(answer.id);
    if ('facts' in answer) resolve(answer.facts);
    else reject(revived(answer.failure));
  });
  return {
    engrave: (tune: TuneToEngrave) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        const id = asked++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, tune } satisfies Question);
      }),
    async close() {
      if (ended === undefined) {
        ended = new Error('the engraver is closed');
        worker.postMessage('close' satisfies Question);
      }
      await gone;
    },
  };
}
