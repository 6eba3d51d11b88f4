import type { LogEntry } from '../../ports/run-store.js';
import { lineChart, shareChart, type Series } from '../pages/chart.js';
import type { Html } from '../pages/html.js';

/** Captions of the logged metrics that are neither losses nor discriminator scores. */
const CAPTIONS: Readonly<Record<string, string>> = {
  'distance.accuracy': '1-nearest-neighbor accuracy between samples and real tunes: 0.5 where nothing tells them apart',
  'distance.frechet': 'Frechet distance between samples and real tunes',
  'distance.overlap': 'Overlap of the features of samples and real tunes: 1 where they are the same',
  'sample.blank': 'Share of blank samples',
  'sample.distinct': 'Share of samples that repeat no other',
};

const LOSS_COLORS = ['a', 'b', 'c'] as const;

/** The discriminator's scores of real or generated rolls, whose log keys start with `real.` or `fake.`. */
const SCORES = [
  { key: 'judged_real', name: 'real', color: 'a' },
  { key: 'ambiguous', name: 'ambiguous', color: 'c' },
  { key: 'judged_fake', name: 'fake', color: 'b' },
] as const;

/** A chart of all losses, one of the discriminator's scores for each kind of roll, and one for each other metric. */
export function runCharts(log: readonly LogEntry[]): readonly Html[] {
  const names = [...new Set(log.flatMap((entry) => Object.keys(entry)))].filter(
    (name) => name !== 'step' && name !== 'epoch',
  );
  const losses = names.filter((name) => name.endsWith('.loss'));
  const scoredRolls = (['real', 'fake'] as const).filter((rolls) => names.includes(`${rolls}.judged_real`));
  const scores = scoredRolls.flatMap((rolls) => SCORES.map(({ key }) => `${rolls}.${key}`));
  const others = names.filter((name) => !losses.includes(name) && !scores.includes(name));
  return [
    lossChart(log, losses),
    ...scoredRolls.map((rolls) => scoreChart(log, rolls)),
    ...others.map((name) => metricChart(log, name)),
  ];
}

const lossChart = (log: readonly LogEntry[], names: readonly string[]): Html =>
  lineChart(
    'Losses',
    stepsOf(log),
    names.map((name, i): Series => {
      const color = LOSS_COLORS[i % LOSS_COLORS.length]!;
      return { name: name.replace('.loss', ''), color, values: valuesOf(log, name) };
    }),
  );

const scoreChart = (log: readonly LogEntry[], rolls: 'real' | 'fake'): Html =>
  shareChart(
    `Discriminator scores of ${rolls === 'real' ? 'real' : 'generated'} rolls`,
    stepsOf(log),
    SCORES.map(({ key, name, color }): Series => ({ name, color, values: valuesOf(log, `${rolls}.${key}`) })),
  );

/** Takes only the steps at which the metric was logged: distances are logged only where samples are drawn. */
function metricChart(log: readonly LogEntry[], name: string): Html {
  const logged = log.filter((entry) => entry[name] !== undefined);
  return lineChart(CAPTIONS[name] ?? name, stepsOf(logged), [{ name, color: 'a', values: valuesOf(logged, name) }]);
}

const stepsOf = (log: readonly LogEntry[]): readonly number[] => log.map(({ step }) => step);

const valuesOf = (log: readonly LogEntry[], name: string): readonly number[] => log.map((entry) => entry[name] ?? NaN);
