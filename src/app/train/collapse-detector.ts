import type { Console } from '../../ports/console.js';
import type { LogEntry } from '../../ports/run-store.js';
import type { SampleMetrics } from './sample-metrics.js';

/** Below this loss the discriminator is always right, and its gradient teaches the generator next to nothing. */
const SATURATED_LOSS = 1e-3;
/** Steps in a row, because a single easy batch means nothing. */
const SATURATED_STEPS = 200;
/** Share of a sample's tunes. */
const MIN_DISTINCT_SHARE = 0.1;

/** Warns once per kind of collapse, so that nobody trains for hours in vain. */
export interface CollapseDetector {
  observeStep(entry: LogEntry): void;
  observeSample(metrics: SampleMetrics): void;
}

export function createCollapseDetector(console: Console): CollapseDetector {
  const warnedKinds = new Set<string>();
  let saturatedSteps = 0;
  const warnOnce = (kind: string, sentence: string): void => {
    if (warnedKinds.has(kind)) return;
    warnedKinds.add(kind);
    console.warn(sentence);
  };
  return {
    observeStep(entry) {
      saturatedSteps = entry['discriminator.loss']! < SATURATED_LOSS ? saturatedSteps + 1 : 0;
      if (saturatedSteps < SATURATED_STEPS) return;
      warnOnce('saturated', saturationWarning(entry.step));
    },
    observeSample(metrics) {
      const [blank, distinct] = [metrics['sample.blank'] ?? 0, metrics['sample.distinct'] ?? 1];
      if (blank === 1)
        warnOnce('blank', 'all sampled tunes are blank; the generator has collapsed or has just started');
      else if (distinct < MIN_DISTINCT_SHARE)
        warnOnce('repeated', 'nearly all sampled tunes are the same; the generator has collapsed or has just started');
    },
  };
}

const saturationWarning = (step: number): string =>
  `at step ${step} the discriminator's loss has been under ${SATURATED_LOSS} for ${SATURATED_STEPS} steps: ` +
  'it recognizes every generated roll, so the generator learns little from it; ' +
  'another seed or a smaller --depth may help';
