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

/** Tells the user on a stream what happens: with a bar on a terminal, in plain lines elsewhere. */
export function createTextConsole(stream: TerminalStream, { quiet, color, clock }: TextConsoleOptions): Console {
  const terminal = stream.isTTY;
  const paint = createColors(color);
  let work: ActiveProgress | undefined;

  const show = (current: ActiveProgress): void => {
    const now = clock.now();
    current.shownAt = now;
    current.shown = true;
    if (!terminal) {
      stream.write(`${escapeForTerminal(progressText(current.latest, current.start, now))}\n`);
      return;
    }
    const line = escapeForTerminal(progressLine(current.latest, current.start, now)).slice(
      0,
      (stream.columns ?? 80) - 1,
    );
    const bar = line.search(/[^━]/);
    stream.write(`${ERASE_LINE}${paint.green(line.slice(0, bar))}${line.slice(bar)}`);
  };
  /** Leaves the last line of the work that ends on the screen. */
  const endWork = (): void => {
    if (work === undefined) return;
    if (!work.shown) show(work);
    if (terminal) stream.write('\n');
    work = undefined;
  };
  const writeLine = (line: string): void => {
    endWork();
    stream.write(`${line}\n`);
  };

  return {
    say: (line) => {
      if (!quiet) writeLine(escapeForTerminal(line));
    },
    warn: (line) => writeLine(`${paint.yellow('warning:')} ${escapeForTerminal(line)}`),
    progress: (update) => {
      if (quiet) return;
      if (work !== undefined && !isContinuation(work, update)) endWork();
      const now = clock.now();
      work ??= startProgress(update, now);
      work.latest = update;
      work.shown = false;
      const finished = update.done >= update.total;
      if (finished || now - work.shownAt >= (terminal ? REDRAW_INTERVAL_MS : LOG_INTERVAL_MS)) show(work);
      if (finished) endWork();
    },
  };
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
