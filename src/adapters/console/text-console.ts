import { createColors } from 'picocolors';
import { escapeForTerminal } from '../../domain/text.js';
import type { Clock } from '../../ports/clock.js';
import type { Console, ProgressUpdate, TerminalStream } from '../../ports/console.js';
import { progressLine, progressText } from './progress-text.js';
import type { ProgressStart } from './progress-text.js';

export interface TextConsoleOptions {
  readonly quiet: boolean;
  readonly color: boolean;
  readonly clock: Clock;
}

const REDRAW_INTERVAL_MS = 100; // on a terminal
const LOG_INTERVAL_MS = 10_000; // in a log
const ERASE_LINE = '\r\u001b[K';

interface ActiveProgress {
  readonly start: ProgressStart;
  readonly total: number;
  readonly unit: string;
  latest: ProgressUpdate;
  /** When a line was last written, in milliseconds. */
  shownAt: number;
  /** Whether `latest` is on the screen. */
  shown: boolean;
}

/** Writes messages and progress to a stream: a bar on a terminal, plain lines now and then elsewhere. */
export const createTextConsole = (stream: TerminalStream, options: TextConsoleOptions): Console =>
  new TextConsole(stream, options);

class TextConsole implements Console {
  readonly #stream: TerminalStream;
  readonly #options: TextConsoleOptions;
  readonly #colors: ReturnType<typeof createColors>;
  #work: ActiveProgress | undefined;

  constructor(stream: TerminalStream, options: TextConsoleOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#colors = createColors(options.color);
  }

  readonly say = (line: string): void => {
    if (!this.#options.quiet) this.#writeLine(escapeForTerminal(line));
  };

  readonly warn = (line: string): void =>
    this.#writeLine(`${this.#colors.yellow('warning:')} ${escapeForTerminal(line)}`);

  readonly progress = (update: ProgressUpdate): void => {
    const { quiet, clock } = this.#options;
    if (quiet) return;
    if (this.#work !== undefined && !isContinuation(this.#work, update)) this.#endWork();
    const now = clock.now();
    const work = (this.#work ??= startProgress(update, now));
    work.latest = update;
    work.shown = false;
    const isDone = update.done >= update.total;
    const interval = this.#stream.isTTY ? REDRAW_INTERVAL_MS : LOG_INTERVAL_MS;
    if (isDone || now - work.shownAt >= interval) this.#show(work);
    if (isDone) this.#endWork();
  };

  #show(work: ActiveProgress): void {
    const now = this.#options.clock.now();
    work.shownAt = now;
    work.shown = true;
    if (!this.#stream.isTTY) {
      this.#stream.write(`${escapeForTerminal(progressText(work.latest, work.start, now))}\n`);
      return;
    }
    const columns = this.#stream.columns ?? 80;
    const line = escapeForTerminal(progressLine(work.latest, work.start, now)).slice(0, columns - 1);
    const bar = line.search(/[^━]/);
    this.#stream.write(`${ERASE_LINE}${this.#colors.green(line.slice(0, bar))}${line.slice(bar)}`);
  }

  /** Ends the work under way; its last line stays visible. */
  #endWork(): void {
    const work = this.#work;
    if (work === undefined) return;
    if (!work.shown) this.#show(work);
    if (this.#stream.isTTY) this.#stream.write('\n');
    this.#work = undefined;
  }

  #writeLine(line: string): void {
    this.#endWork();
    this.#stream.write(`${line}\n`);
  }
}

const startProgress = (update: ProgressUpdate, now: number): ActiveProgress => ({
  start: { done: update.done, at: now },
  total: update.total,
  unit: update.unit,
  latest: update,
  shownAt: -Infinity, // the first update is shown at once
  shown: false,
});

const isContinuation = (work: ActiveProgress, update: ProgressUpdate): boolean =>
  update.total === work.total && update.unit === work.unit && update.done >= work.latest.done;
