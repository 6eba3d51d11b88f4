import type { Console } from '../../ports/console.js';
import type { LogEntry } from '../../ports/run-store.js';
import type { SampleMetrics } from './sample-metrics.js';

/** Below this the discriminator has won, and what it teaches the generator is next to nothing. */
const SATURATED_LOSS = 1e-3;
/** Steps in a row: a single easy batch means nothing. */
const SATURATED_STEPS = 200;

/** Says so, once for each kind, when a training has collapsed: hours of it would be for nothing. */
export interface CollapseDetector {
  observeStep(entry: LogEntry): void;
  observeSample(figures: SampleMetrics): void;
}

export function createCollapseDetector(console: Console): CollapseDetector {
  const told = new Set<string>();
  let saturatedSteps = 0;
  const tell = (kind: string, sentence: string): void => {
    if (told.has(kind)) return;
    told.add(kind);
    console.warn(sentence);
  };
  return {
    observeStep(entry) {
      saturatedSteps = entry['discriminator.loss']! < SATURATED_LOSS ? saturatedSteps + 1 : 0;
      if (saturatedSteps < SATURATED_STEPS) return;
      tell(
        'saturated',
        `at step ${entry.step} the discriminator's loss has been under ${SATURATED_LOSS} for ${SATURATED_STEPS} steps: ` +
          'it tells every drawn roll, and the generator learns little from it; another seed or a smaller --depth may help',
      );
    },
    observeSample(figures) {
      const [blank, distinct] = [figures['sample.blank'] ?? 0, figures['sample.distinct'] ?? 1];
      if (blank === 1) tell('blank', 'all sampled tunes are blank: the generator has collapsed, or has just begun');
      else if (distinct < MIN_DISTINCT_SHARE)
        tell('one tune', 'the sampled tunes are nearly all the same: the generator has collapsed, or has just begun');
    },
  };
}

/** Of a sample's tunes. */
const MIN_DISTINCT_SHARE = 0.1;
