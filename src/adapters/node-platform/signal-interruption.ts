import type { Interruption } from '../../ports/interruption.js';

/** The part of `process` that deals with signals. */
export interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  removeAllListeners(signal: StopSignal): unknown;
  kill(pid: number, signal: StopSignal): unknown;
  readonly pid: number;
}

export type StopSignal = 'SIGINT' | 'SIGTERM';
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Ctrl-C and SIGTERM as a request to stop. The second one ends the process at once: it is sent again with nobody
 * listening, because process.exit would abort with a core dump while a worker is inside onnxruntime.
 * @param note is told the first signal
 */
export function signalInterruption(source: SignalSource, note: (signal: StopSignal) => void): Interruption {
  let requested = false;
  const listener = (signal: StopSignal): void => {
    if (!requested) {
      requested = true;
      note(signal);
      return;
    }
    for (const each of STOP_SIGNALS) source.removeAllListeners(each);
    source.kill(source.pid, signal);
  };
  for (const signal of STOP_SIGNALS) source.on(signal, listener);
  return {
    get requested() {
      return requested;
    },
  };
}
