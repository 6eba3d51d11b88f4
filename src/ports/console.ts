/** How far a long piece of work has come. */
export interface ProgressUpdate {
  /** 0..total */
  readonly done: number;
  readonly total: number;
  /** What the numbers count, in the plural: `steps`, `files`. */
  readonly unit: string;
  /** A short text beside the bar, such as the losses. */
  readonly detail?: string;
}

/**
 * Where use cases tell the user what happens.
 *
 * Promises, one test each in test/contracts/console.contract.ts:
 * - `say`, `warn` and `progress` never write where the result goes.
 * - Control characters in a text are shown escaped, so that a file's name cannot drive the terminal.
 * - Quiet silences `say` and `progress`, never `warn`.
 */
export interface Console {
  /** A line of what is being done. */
  say(line: string): void;
  warn(line: string): void;
  /**
   * A redrawn line on a terminal; a plain line now and then elsewhere; the last update of a piece of work is always
   * shown.
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
