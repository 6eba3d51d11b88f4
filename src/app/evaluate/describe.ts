import type { FeatureUnit } from '../../domain/evaluation/features/feature.js';
import type { EvaluateResult } from './evaluation-result.js';

/** A line of a table: what, of the evaluated tunes, of the other real ones, and what is good. */
export type EvaluationRow = readonly [name: string, evaluated: string, realTunes: string, best: string];

/** The figures as tables, and what to know about them. */
export function describeEvaluation(result: EvaluateResult): string[] {
  const { description, against, tunes, features, notices, report } = result;
  return [
    description,
    `against ${against}: ${tunes.reference} tunes to compare with; "real" is ${tunes.realTunes} others of it in the same comparison`,
    '',
    ...alignColumns([['', 'evaluated', 'real', 'best'], ...distanceRows(result)]),
    '',
    ...alignColumns([
      ['feature', 'evaluated', 'reference', 'overlap', 'real'],
      ...features.map(({ name, unit, evaluated, reference, realTunes }) => [
        name,
        formatMeanDeviation(evaluated, unit),
        formatMeanDeviation(reference, unit),
        evaluated.overlap.toFixed(2),
        realTunes.overlap.toFixed(2),
      ]),
    ]),
    ...(notices.length === 0 ? [] : ['', ...notices]),
    ...(report === null ? [] : ['', `the report is in ${report}`]),
  ];
}

export function distanceRows({ distances, guards }: EvaluateResult): readonly EvaluationRow[] {
  const [own, real] = [distances.evaluated, distances.realTunes];
  const [ownGuards, realGuards] = [guards.evaluated, guards.realTunes];
  const row = (name: string, best: string, a: number, b: number, digits: number): EvaluationRow => [
    name,
    a.toFixed(digits),
    b.toFixed(digits),
    best,
  ];
  const shares = (name: string, best: string, a: number, b: number): EvaluationRow => [
    name,
    formatPercent(a),
    formatPercent(b),
    best,
  ];
  return [
    row('1-nearest-neighbour accuracy', '0.5', own.nearestNeighbourAccuracy, real.nearestNeighbourAccuracy, 3),
    row('Frechet distance', '0', own.frechet, real.frechet, 2),
    row('overlap of features', '1', own.overlap, real.overlap, 3),
    row('distance to the nearest tune', 'as real', own.nearestDistance, real.nearestDistance, 2),
    shares('blank', '0 %', ownGuards.blank, realGuards.blank),
    shares('distinct', '100 %', ownGuards.distinct, realGuards.distinct),
    shares('near copies of training tunes', 'as real', ownGuards.copies, realGuards.copies),
  ];
}

/** `235 ± 61` */
export function formatMeanDeviation(
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
  unit: FeatureUnit,
): string {
  const digits = { notes: 0, columns: 0, pitches: 1, beats: 2, semitones: 2, bits: 2, share: 3 }[unit];
  return `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}

export const formatPercent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The first column to the left, the others to the right, each as wide as its widest cell. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('   '),
  );
}
