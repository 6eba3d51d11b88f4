import type { FeatureUnit } from '../../domain/evaluation/features/feature.js';
import type { EvaluatedFeature, EvaluateResult } from './evaluation-result.js';

/** A row of a table: a name, its value for the evaluated tunes and for other real tunes, and its best value. */
type EvaluationRow = readonly [name: string, evaluated: string, realTunes: string, best: string];

/** Tables of the distances and features, then the notices. */
export function describeEvaluation(result: EvaluateResult): string[] {
  const { description, against, tunes, features, notices, report } = result;
  return [
    description,
    `against ${against}: ${tunes.reference} reference tunes; ` +
      `"real" is ${tunes.realTunes} other tunes of that dataset in the same comparison`,
    '',
    ...alignColumns([['', 'evaluated', 'real', 'best'], ...distanceRows(result)]),
    '',
    ...alignColumns([['feature', 'evaluated', 'reference', 'overlap', 'real'], ...features.map(featureRow)]),
    ...(notices.length === 0 ? [] : ['', ...notices]),
    ...(report === null ? [] : ['', `the report is in ${report}`]),
  ];
}

export function distanceRows({ distances, guards }: EvaluateResult): readonly EvaluationRow[] {
  const [evaluated, real] = [distances.evaluated, distances.realTunes];
  const [evaluatedGuards, realGuards] = [guards.evaluated, guards.realTunes];
  const number = (name: string, best: string, a: number, b: number, digits: number): EvaluationRow => [
    name,
    a.toFixed(digits),
    b.toFixed(digits),
    best,
  ];
  const share = (name: string, best: string, a: number, b: number): EvaluationRow => [
    name,
    formatPercent(a),
    formatPercent(b),
    best,
  ];
  return [
    number('1-nearest-neighbor accuracy', '0.5', evaluated.nearestNeighbourAccuracy, real.nearestNeighbourAccuracy, 3),
    number('Frechet distance', '0', evaluated.frechet, real.frechet, 2),
    number('overlap of features', '1', evaluated.overlap, real.overlap, 3),
    number('distance to the nearest tune', 'as real', evaluated.nearestDistance, real.nearestDistance, 2),
    share('blank', '0 %', evaluatedGuards.blank, realGuards.blank),
    share('distinct', '100 %', evaluatedGuards.distinct, realGuards.distinct),
    share('near copies of training tunes', 'as real', evaluatedGuards.copies, realGuards.copies),
  ];
}

/** Name, mean and deviation of the evaluated and the reference tunes, overlap of the evaluated and other real tunes. */
export const featureRow = ({ name, unit, evaluated, reference, realTunes }: EvaluatedFeature): readonly string[] => [
  name,
  formatMeanDeviation(evaluated, unit),
  formatMeanDeviation(reference, unit),
  evaluated.overlap.toFixed(2),
  realTunes.overlap.toFixed(2),
];

/** `235 ± 61` */
export function formatMeanDeviation(
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
  unit: FeatureUnit,
): string {
  const digits = { notes: 0, columns: 0, pitches: 1, beats: 2, semitones: 2, bits: 2, share: 3 }[unit];
  return `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}

const formatPercent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Aligns the first column left and the others right, each as wide as its widest cell. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('   '),
  );
}

/** Distances are steady from this many tunes on. It is more than the number of features. */
const MIN_RELIABLE_TUNES = 50;

/**
 * Notices about set sizes that make the distances less reliable.
 * @param found number of tunes before the evaluated set was cut to its maximum size
 */
export const describeSetSizes = (found: number, evaluated: number, realTunes: number): readonly string[] => [
  ...(found > evaluated ? [`of ${found} tunes ${evaluated} were chosen at random, the same ones every time`] : []),
  ...(evaluated > realTunes
    ? [
        `there are only ${realTunes} other real tunes: the smaller a set, the larger its Frechet distance, ` +
          `so theirs is too large to compare with that of ${evaluated}`,
      ]
    : []),
  ...(evaluated < MIN_RELIABLE_TUNES
    ? [`${evaluated} tunes are few: distances of fewer than ${MIN_RELIABLE_TUNES} are mostly chance`]
    : []),
];
