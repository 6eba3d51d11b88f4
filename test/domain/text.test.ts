import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { didYouMean, nearestName, visible, visibleJson } from '../../src/domain/text.js';

describe('visible', () => {
  it('leaves nothing that drives a terminal, and printable text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
        expect(() => encodeURIComponent(visible(text))).not.toThrow(); // no half of a surrogate pair
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
    expect(visible('Grünes Lied ♫ 𝄞 ▀▄.mid')).toBe('Grünes Lied ♫ 𝄞 ▀▄.mid');
  });

  it('shows what was there', () => {
    expect(visible('a\u001b[31mb\nc\u202ed\ud800e')).toBe('a\\x1b[31mb\\x0ac\\u202ed\\ud800e');
  });
});

describe('visibleJson', () => {
  it('is JSON of the same value, with nothing in it that drives a terminal', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(JSON.parse(visibleJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(visible(visibleJson(value))).toBe(visibleJson(value));
      }),
    );
    expect(visibleJson({ 'a\u009b2J': '\u001b\u202e\u2028' })).toBe('{"a\\u009b2J":"\\u001b\\u202e\\u2028"}');
  });
});

describe('nearestName', () => {
  const names = ['compose', 'prepare', 'inspect', 'train', 'export', 'models', 'doctor'];

  it('finds a name with one letter lost, doubled, changed or swapped with the next', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.constantFrom('lose', 'double', 'change', 'swap'),
        (name, n, way) => {
          const at = n % (name.length - 1);
          const [before, letter, next, after] = [name.slice(0, at), name[at]!, name[at + 1]!, name.slice(at + 2)];
          const typed = { lose: next, double: letter + letter + next, change: `q${next}`, swap: next + letter }[way]!;
          expect(nearestName(before + typed + after, names)).toBe(name);
        },
      ),
    );
  });

  it('says nothing rather than something far off', () => {
    expect(nearestName('xyzzy', names)).toBeUndefined();
    expect(nearestName('q'.repeat(1e6), names)).toBeUndefined();
    expect(nearestName('compose', [])).toBeUndefined();
  });

  it('takes the beginning of one name for it', () => {
    expect(nearestName('insp', names)).toBe('inspect');
    expect(didYouMean('Doc', names)).toBe('; did you mean "doctor"?');
    expect(didYouMean('xyzzy', names)).toBe('');
  });
});
