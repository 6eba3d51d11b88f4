/** The part of `process` that deals with signals. */
interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  removeAllListeners(signal: StopSignal): unknown;
  kill(pid: number, signal: StopSignal): unknown;
  readonly pid: number;
}

type StopSignal = 'SIGINT' | 'SIGTERM';
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * An AbortSignal that the first SIGINT (Ctrl-C) or SIGTERM aborts. The second signal ends the process at once. It is
 * sent again with no listener left, because process.exit would abort with a core dump while a worker is inside
 * onnxruntime.
 * @param onSignal is called with the first signal
 */
export function createStopSignal(source: SignalSource, onSignal: (signal: StopSignal) => void): AbortSignal {
  const controller = new AbortController();
  const listener = (signal: StopSignal): void => {
    if (!controller.signal.aborted) {
      onSignal(signal);
      controller.abort();
      return;
    }
    for (const each of STOP_SIGNALS) source.removeAllListeners(each);
    source.kill(source.pid, signal);
  };
  for (const signal of STOP_SIGNALS) source.on(signal, listener);
  return controller.signal;
}
