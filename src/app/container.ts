import { Container } from 'inversify';
import { TOKENS } from './tokens.js';

/** What the program is told from outside. */
export interface Settings {
  readonly quiet: boolean;
  /** Is told of the first signal that asks to stop. */
  noteSignal(signal: 'SIGINT' | 'SIGTERM'): void;
}

/**
 * The only file that names an adapter. Read it to see what the program is made of.
 * Each module is loaded when its service is first asked for, so that a command loads what it needs and no more.
 */
export function buildContainer(settings: Settings): Container {
  const container = new Container({ defaultScope: 'Singleton' });

  container.bind(TOKENS.clock).toDynamicValue(async () => {
    const { monotonicClock } = await import('../adapters/system/monotonic-clock.js');
    return monotonicClock;
  });
  container.bind(TOKENS.console).toResolvedValue(
    async (clock) => {
      const { textConsole } = await import('../adapters/console/text-console.js');
      const colour = process.stderr.hasColors?.() === true && !process.env['NO_COLOR'];
      return textConsole(process.stderr, { quiet: settings.quiet, colour, clock });
    },
    [TOKENS.clock],
  );
  container.bind(TOKENS.interruption).toDynamicValue(async () => {
    const { signalInterruption } = await import('../adapters/system/signal-interruption.js');
    return signalInterruption(process, (signal) => settings.noteSignal(signal));
  });

  return container;
}
