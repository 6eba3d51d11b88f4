import type { Feature } from './feature.js';
import type { AudibleNotes } from './audible-notes.js';
import { selfSimilarity } from './self-similarity.js';

/** Lengths that a tune's sections have, in beats: 32, 48, 64, 96 and 128 columns at 2 columns a beat. */
const SECTION_BEATS = [16, 24, 32, 48, 64];

const selfSimilarityFeature = (name: string, meaning: string, lag: (heard: AudibleNotes) => number): Feature => ({
  name,
  unit: 'share',
  meaning,
  compute: (heard) => selfSimilarity(heard, lag(heard)),
});

/** How alike a roll is to itself later, by selfSimilarity. */
export const REPETITION_FEATURES: readonly Feature[] = [
  selfSimilarityFeature('same a beat later', 'likeness to itself a beat later', ({ format }) => format.columnsPerBeat),
  selfSimilarityFeature('same a bar later', 'likeness to itself a bar later', ({ columnsPerBar }) => columnsPerBar),
  selfSimilarityFeature('same 8 columns later', 'likeness to itself 8 columns later', () => 8),
  selfSimilarityFeature('same 16 columns later', 'likeness to itself 16 columns later', () => 16),
  selfSimilarityFeature('same 32 columns later', 'likeness to itself 32 columns later', () => 32),
  {
    name: 'same a section later',
    unit: 'share',
    meaning: 'likeness to itself after 16, 24, 32, 48 or 64 beats, the best of those that fit twice',
    compute: (heard) => {
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
