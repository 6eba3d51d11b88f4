/**
 * Lets the event loop run during long synchronous work.
 *
 * Promise, tested in test/contracts/event-loop.contract.ts:
 * - Resolves in a later task, after the timers and messages that were due before the call.
 */
export type YieldToEventLoop = () => Promise<void>;
