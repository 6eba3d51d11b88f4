import type { YieldToEventLoop } from '../../ports/event-loop.js';

export const yieldToEventLoop: YieldToEventLoop = () => new Promise((resolve) => setImmediate(resolve));
