import type { YieldToEventLoop } from '../../ports/event-loop.js';

/** A message to itself comes after all tasks that are due. Unlike setTimeout it is not delayed by 4 ms when nested. */
export const webYieldToEventLoop: YieldToEventLoop = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const onmessage = (): void => {
      port1.close();
      resolve();
    };
    Object.assign(port1, { onmessage }); // Node's types do not know the property, which starts the port
    port2.postMessage(undefined);
  });
