import type { Feature } from './feature.js';
import type { AudibleNotes } from './audible-notes.js';
import { selfSimilarity } from './self-similarity.js';

/** Usual lengths of the sections of a tune, in beats. */
const SECTION_BEATS = [16, 24, 32, 48, 64];

const selfSimilarityFeature = (name: string, meaning: string, lag: (audible: AudibleNotes) => number): Feature => ({
  name,
  unit: 'share',
  meaning,
  compute: (audible) => selfSimilarity(audible, lag(audible)),
});

/** Similarity of a roll to itself at several lags: see selfSimilarity. */
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
    compute: (audible) => {
      const { format, start, length } = audible;
      let best = 0;
      for (const beats of SECTION_BEATS) {
        const lag = beats * format.columnsPerBeat;
        const similarity = 2 * lag <= length - start ? selfSimilarity(audible, lag) : 0;
        if (similarity > best) best = similarity;
      }
      return best;
    },
  },
];
