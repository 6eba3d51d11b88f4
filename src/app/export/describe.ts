import { describePrecisionLoss } from '../models/describe.js';
import type { ExportResult } from './export.js';

/** The exported file, how it was checked, and the command that uses it. */
export function describeExport(result: ExportResult): string[] {
  const { kind, path, bytes, architecture, depth, step, largestError, precision } = result;
  if (kind === 'step') {
    return [
      `${path}: the training step of ${architecture}, depth ${depth}, ${bytes} bytes`,
      'its feeds, state and metrics are listed as JSON in its metadata under "apollo.program"',
    ];
  }
  return [
    `${path}: the generator of ${architecture}, depth ${depth}, after step ${step}, ${bytes} bytes`,
    `checked against the reference engine on one tune of fixed noise: largest error ${largestError!.toExponential(1)}`,
    ...(precision === undefined ? [] : [describePrecisionLoss(precision)]),
    `to compose with it: apollo compose --model ${path}`,
  ];
}
