import { describe, expect, it } from '@jest/globals';
import { isInKey, keySignatureOf, pitchOfDegree, SCALES, type ScaleName } from '../../../src/domain/music/scale.js';

describe('scale', () => {
  it('has every degree in key, with an octave every seven degrees', () => {
    for (const scale of Object.keys(SCALES) as ScaleName[]) {
      for (let tonicPitch = 48; tonicPitch < 60; tonicPitch++) {
        for (let degree = -14; degree <= 14; degree++) {
          const pitch = pitchOfDegree({ tonicPitch, scale }, degree);
          expect(isInKey({ tonicPitch, scale }, pitch)).toBe(true);
          expect(pitchOfDegree({ tonicPitch, scale }, degree + 7)).toBe(pitch + 12);
        }
      }
    }
    expect([60, 61, 62].map((pitch) => isInKey({ tonicPitch: 60, scale: 'major' }, pitch))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it.each([
    ['C major', 60, 'major', 0, 'major'],
    ['D major', 62, 'major', 2, 'major'],
    ['F major', 65, 'major', -1, 'major'],
    ['F sharp major', 66, 'major', 6, 'major'],
    ['A minor', 69, 'minor', 0, 'minor'],
    ['E minor', 64, 'minor', 1, 'minor'],
    ['C minor', 60, 'minor', -3, 'minor'],
    ['D dorian', 62, 'dorian', 0, 'minor'],
    ['A dorian', 69, 'dorian', 1, 'minor'],
    ['G mixolydian', 67, 'mixolydian', 0, 'major'],
    ['D mixolydian', 62, 'mixolydian', 1, 'major'],
  ] as const)('%s has its signature', (_, tonicPitch, scale, sharps, mode) => {
    expect(keySignatureOf({ tonicPitch, scale })).toEqual({ sharps, mode });
  });
});
