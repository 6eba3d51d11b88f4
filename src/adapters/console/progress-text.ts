import type { ProgressUpdate } from '../../ports/console.js';

/** The first value of a task: a resumed one does not start at 0. */
export interface ProgressStart {
  readonly done: number;
  /** Milliseconds. */
  readonly at: number;
}

const BAR_CELLS = 24;

/** `━━━━━━────── 120/480 steps  3.2/s  1 min 52 s left  loss 0.69` */
export function progressLine(update: ProgressUpdate, start: ProgressStart, now: number): string {
  const filled = Math.round(BAR_CELLS * share(update));
  const bar = '━'.repeat(filled) + '─'.repeat(BAR_CELLS - filled);
  return `${bar} ${progressText(update, start, now)}`;
}

/** The same without the bar, for a log. */
export function progressText(update: ProgressUpdate, start: ProgressStart, now: number): string {
  const seconds = (now - start.at) / 1000;
  const rate = seconds > 0 ? (update.done - start.done) / seconds : 0;
  const parts = [`${update.done}/${update.total} ${update.unit}`];
  if (rate > 0) {
    parts.push(`${rateText(rate)}/s`);
    const left = (update.total - update.done) / rate;
    parts.push(left > 0 ? `${durationText(left)} left` : `${durationText(seconds)} in all`);
  }
  if (update.detail !== undefined) parts.push(update.detail);
  return parts.join('  ');
}

/** @param seconds 0 or more */
function durationText(seconds: number): string {
  if (seconds < 60) return `${seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.round(hours / 24)} days`;
}

const rateText = (rate: number): string => (rate >= 100 ? String(Math.round(rate)) : rate.toPrecision(2));

const share = ({ done, total }: ProgressUpdate): number => (total > 0 ? Math.min(1, Math.max(0, done / total)) : 1);
