import { formatCount } from '../../domain/text.js';
import type { ReportResult } from './report.js';

/** The path and size of the page, then a line for each notice. */
export function describeReport({ report, bytes, tunes, kind, notices }: ReportResult): string[] {
  const subject = kind === 'run' ? 'the run' : formatCount(tunes, 'tune');
  return [`report of ${subject}: ${report}, ${(bytes / 1e6).toFixed(2)} MB; open it in a browser`, ...notices];
}
