import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { beatLines } from '../../../src/domain/music/beat-lines.js';
import { secondsAt, createTickToSeconds } from '../../../src/domain/music/tempo-map.js';

const signature = (tick: number, numerator: number, denominator: number) => ({ tick, numerator, denominator });

describe('beatLines', () => {
  const shown = (signatures: ReturnType<typeof signature>[], end: number): string =>
    beatLines({ timeSignatures: signatures, ticksPerBeat: 12 }, end)
      .map(({ tick, bar }) => `${tick}${bar === undefined ? '' : `|${bar}`}`)
      .join(' ');

  it('counts quarters in 4/4, the default, up to the bar line after the end', () => {
    expect(shown([], 50)).toBe('0|1 12 24 36 48|2 60 72 84 96|3');
    expect(shown([], 48)).toBe('0|1 12 24 36 48|2');
  });

  it('counts three eighths as a beat in 6/8, but not in 3/8', () => {
    expect(shown([signature(0, 6, 8)], 36)).toBe('0|1 18 36|2');
    expect(shown([signature(0, 3, 8)], 36)).toBe('0|1 6 12 18|2 24 30 36|3');
  });

  it('begins a bar where the signature changes, even inside one', () => {
    expect(shown([signature(0, 4, 4), signature(60, 2, 4)], 84)).toBe('0|1 12 24 36 48|2 60|3 72 84|4');
    expect(shown([signature(24, 3, 4)], 60)).toBe('0|1 12 24|2 36 48 60|3');
  });

  it('stops early for absurd time signatures', () => {
    expect(beatLines({ timeSignatures: [signature(0, 1, 128)], ticksPerBeat: 32 }, 1e9, 500)).toHaveLength(500);
  });
});

describe('createTickToSeconds', () => {
  it('agrees with secondsAt', () => {
    const tempos = fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: 1, max: 0xffffff })), { maxLength: 8 });
    fc.assert(
      fc.property(tempos, fc.nat(6000), (list, tick) => {
        const sorted = [...list]
          .sort(([a], [b]) => a - b)
          .map(([t, microsecondsPerBeat]) => ({ tick: t, microsecondsPerBeat }));
        const map = { ticksPerBeat: 96, tempos: sorted };
        expect(createTickToSeconds(map)(tick)).toBeCloseTo(secondsAt(map, tick), 6);
      }),
      { numRuns: 100 },
    );
  });
});
