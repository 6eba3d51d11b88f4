import { parentPort } from 'node:worker_threads';
import type { Engraver } from '../../ports/engraver.js';
import { plain, type Answer, type Question } from './engraving-messages.js';

/** Lets the thread that started this one use an engraver of this one, until it says that it needs it no more. */
export function serveEngraver(engraver: Engraver): void {
  const port = parentPort;
  if (port === null) throw new Error('this is the main thread: nobody asks it to engrave');
  const answer = (message: Answer): void => port.postMessage(message);
  const unanswered = new Set<Promise<void>>();
  port.on('message', (question: Question) => {
    if (question === 'close') {
      void Promise.all([engraver.close(), ...unanswered]).then(() => port.close());
      return;
    }
    const { id, tune } = question;
    const answered = engraver.engrave(tune).then(
      (facts) => answer({ id, facts }),
      (cause: unknown) => answer({ id, failure: plain(cause) }),
    );
    unanswered.add(answered);
    void answered.then(() => unanswered.delete(answered));
  });
}
