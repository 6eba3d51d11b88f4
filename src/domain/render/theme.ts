import type { Color } from './picture.js';

/** The colors of a picture. */
export interface Theme {
  readonly paper: Color;
  readonly blackKey: Color;
  readonly beat: Color;
  readonly bar: Color;
  readonly octave: Color;
  readonly label: Color;
  readonly title: Color;
  /** The space between the rolls of a grid. */
  readonly gap: Color;
  /** Blended with the color of a note to mark its start. */
  readonly onset: Color;
  /** The melody has a warm color, all others cool ones. */
  readonly voices: Readonly<Record<'all' | 'melody' | 'chords', Color>>;
  /** For voices with other names, in turn. */
  readonly others: readonly Color[];
  /** For probabilities from 0 to 1; luminance changes evenly, so that they can be read in grayscale too. */
  readonly probability: readonly Color[];
}

export type ThemeName = 'light' | 'dark';

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: {
    paper: 0xffffff,
    blackKey: 0xf5f3ef,
    beat: 0xeeebe5,
    bar: 0xd3cdc1,
    octave: 0xc9c2b4,
    label: 0x7d7666,
    title: 0x3a362e,
    gap: 0xdad5cb,
    onset: 0x000000,
    voices: { all: 0x2f5d94, melody: 0xcf5328, chords: 0x3f8ea0 },
    others: [0x7a5a9e, 0x5d8a3a, 0xb07d1e, 0x9a4467, 0x4d6b6b],
    probability: [0xffffff, 0xfbe3a1, 0xf0a04b, 0xd1495b, 0x7b2d6b, 0x1f1235],
  },
  dark: {
    paper: 0x15171c,
    blackKey: 0x1b1e24,
    beat: 0x22262d,
    bar: 0x3b414b,
    octave: 0x4a505b,
    label: 0x99a0ad,
    title: 0xe4e6ea,
    gap: 0x30353e,
    onset: 0xffffff,
    voices: { all: 0x6ea3e0, melody: 0xf08a56, chords: 0x4fb0c4 },
    others: [0xb193d6, 0x93c26a, 0xe0b050, 0xd67aa0, 0x86a9a9],
    probability: [0x15171c, 0x3b1f4f, 0x7b2d6b, 0xd1495b, 0xf0a04b, 0xfdf1c7],
  },
};
