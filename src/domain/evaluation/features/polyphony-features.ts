import { ratio, type Feature } from './feature.js';

/** Numbers of simultaneous notes. */
export const POLYPHONY_FEATURES: readonly Feature[] = [
  {
    name: 'polyphony',
    unit: 'pitches',
    meaning: 'mean of the pitches that sound together, over the columns in which something sounds',
    compute: ({ polyphony, length }) => {
      let [pitches, columns] = [0, 0];
      for (let column = 0; column < length; column++) {
        pitches += polyphony[column]!;
        if (polyphony[column]! > 0) columns++;
      }
      return ratio(pitches, columns);
    },
  },
  {
    // Polyphonicity of MuseGAN (Dong et al. 2018), but without the empty end of the roll.
    name: 'polyphonic rate',
    unit: 'share',
    meaning: 'columns before the end in which more than 2 pitches sound',
    compute: ({ polyphony, length }) => {
      let columns = 0;
      for (let column = 0; column < length; column++) if (polyphony[column]! > 2) columns++;
      return ratio(columns, length);
    },
  },
];
