/** The progress of a long task. */
export interface ProgressUpdate {
  /** 0..total */
  readonly done: number;
  readonly total: number;
  /** The unit in the plural: `steps`, `files`. */
  readonly unit: string;
  /** A short text beside the bar, such as the losses. */
  readonly detail?: string;
}

/**
 * Messages of use cases to the user.
 *
 * Promises, one test each in test/contracts/console.contract.ts:
 * - `say`, `warn` and `progress` never write where the result goes.
 * - Control characters in a text are shown escaped, so that a file's name cannot drive the terminal.
 * - Quiet silences `say` and `progress`, never `warn`.
 */
export interface Console {
  /** Prints a line about the current work. */
  say(line: string): void;
  warn(line: string): void;
  /**
   * Redraws a line on a terminal, or prints a line at intervals elsewhere. The last update of a task is always shown.
   */
  progress(update: ProgressUpdate): void;
}

/** A text stream that may be a terminal, such as process.stderr. */
export interface TerminalStream {
  readonly isTTY: boolean;
  /** Width of the terminal as it is now; undefined elsewhere. */
  readonly columns: number | undefined;
  write(text: string): void;
}
