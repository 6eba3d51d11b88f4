import type { Feature } from './feature.js';
import type { HeardRoll } from './audible-notes.js';
import { selfSimilarity } from './self-similarity.js';

/** Lengths that a tune's sections have, in beats: 32, 48, 64, 96 and 128 columns at 2 columns a beat. */
const SECTION_BEATS = [16, 24, 32, 48, 64];

const same = (name: string, meaning: string, lag: (heard: HeardRoll) => number): Feature => ({
  name,
  unit: 'share',
  meaning,
  value: (heard) => selfSimilarity(heard, lag(heard)),
});

/** How alike a roll is to itself later, by selfSimilarity. */
export const REPETITION_FEATURES: readonly Feature[] = [
  same('same a beat later', 'likeness to itself a beat later', ({ format }) => format.columnsPerBeat),
  same('same a bar later', 'likeness to itself a bar later', ({ barColumns }) => barColumns),
  same('same 8 columns later', 'likeness to itself 8 columns later', () => 8),
  same('same 16 columns later', 'likeness to itself 16 columns later', () => 16),
  same('same 32 columns later', 'likeness to itself 32 columns later', () => 32),
  {
    name: 'same a section later',
    unit: 'share',
    meaning: 'likeness to itself after 16, 24, 32, 48 or 64 beats, the best of those that fit twice',
    value: (heard) => {
      const { format, start, length } = heard;
      let best = 0;
      for (const beats of SECTION_BEATS) {
        const lag = beats * format.columnsPerBeat;
        const likeness = 2 * lag <= length - start ? selfSimilarity(heard, lag) : 0;
        if (likeness > best) best = likeness;
      }
      return best;
    },
  },
];
