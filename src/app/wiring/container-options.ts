import type { TerminalStream } from '../../ports/console.js';

/** The options of the program. */
export interface ContainerOptions {
  /** Folder of the installed package: its models and page scripts are found there. */
  readonly root: string;
  readonly quiet: boolean;
  /** The stream for messages to the user. */
  readonly terminal: TerminalStream;
  /** Whether that terminal shows colors. */
  readonly color: boolean;
  /** Is called with the first signal that asks to stop. */
  onSignal(signal: 'SIGINT' | 'SIGTERM'): void;
}
