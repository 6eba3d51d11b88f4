import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { didYouMean, closestName, escapeForTerminal, stringifyForTerminal } from '../../src/domain/text.js';

describe('escapeForTerminal', () => {
  it('escapes everything that controls a terminal, and keeps printable text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeForTerminal(text)).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/,
        );
        expect(() => encodeURIComponent(escapeForTerminal(text))).not.toThrow(); // no half of a surrogate pair
        expect(escapeForTerminal(escapeForTerminal(text))).toBe(escapeForTerminal(text));
      }),
    );
    expect(escapeForTerminal('Grünes Lied ♫ 𝄞 ▀▄.mid')).toBe('Grünes Lied ♫ 𝄞 ▀▄.mid');
  });

  it('shows the escaped characters', () => {
    expect(escapeForTerminal('a\u001b[31mb\nc\u202ed\ud800e')).toBe('a\\x1b[31mb\\x0ac\\u202ed\\ud800e');
  });
});

describe('stringifyForTerminal', () => {
  it('is JSON of the same value without characters that control a terminal', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(JSON.parse(stringifyForTerminal(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(escapeForTerminal(stringifyForTerminal(value))).toBe(stringifyForTerminal(value));
      }),
    );
    expect(stringifyForTerminal({ 'a\u009b2J': '\u001b\u202e\u2028' })).toBe('{"a\\u009b2J":"\\u001b\\u202e\\u2028"}');
  });
});

describe('closestName', () => {
  const names = ['compose', 'prepare', 'inspect', 'train', 'export', 'models', 'doctor'];

  it('finds a name with a letter removed, doubled, replaced or transposed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.constantFrom('lose', 'double', 'change', 'swap'),
        (name, n, way) => {
          const at = n % (name.length - 1);
          const [before, letter, next, after] = [name.slice(0, at), name[at]!, name[at + 1]!, name.slice(at + 2)];
          const typed = { lose: next, double: letter + letter + next, change: `q${next}`, swap: next + letter }[way]!;
          expect(closestName(before + typed + after, names)).toBe(name);
        },
      ),
    );
  });

  it('returns undefined rather than a dissimilar name', () => {
    expect(closestName('xyzzy', names)).toBeUndefined();
    expect(closestName('q'.repeat(1e6), names)).toBeUndefined();
    expect(closestName('compose', [])).toBeUndefined();
  });

  it('completes the beginning of a single name', () => {
    expect(closestName('insp', names)).toBe('inspect');
    expect(didYouMean('Doc', names)).toBe('; did you mean "doctor"?');
    expect(didYouMean('xyzzy', names)).toBe('');
  });
});
