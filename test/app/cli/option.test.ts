import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../src/domain/errors.js';
import { choice, decimal, text, integer } from '../../../src/app/cli/option.js';
import { MAX_SEED, parseRecipe, parseSemitones } from '../../../src/app/cli/values.js';

const read = (option: { parse(text: string, name: string): unknown }) => (given: string) => option.parse(given, 'x');

describe('whole', () => {
  const depth = integer('', 1, 256, undefined);

  it('reads every number of its range as it is written, and refuses the others', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), (n) => {
        if (n >= 1 && n <= 256) expect(depth.parse(String(n), 'depth')).toBe(n);
        else
          expect(() => depth.parse(String(n), 'depth')).toThrow(
            `--depth must be a whole number from 1 to 256, got ${n}`,
          );
      }),
    );
  });

  it.each([
    '',
    ' ',
    '1e2',
    '0x10',
    '0b1',
    '7.5',
    '7.0',
    'NaN',
    'Infinity',
    '-',
    '--',
    '1_000',
    '１',
    '7 ',
    '٣',
    '1,000',
  ])('refuses %j', (given) => expect(() => depth.parse(given, 'depth')).toThrow(UsageError));

  it('tells the largest seed from the next number', () => {
    const seed = integer('', 0, MAX_SEED, 1);
    expect(seed.parse('9007199254740991', 'seed')).toBe(2 ** 53 - 1);
    for (const more of ['9007199254740992', '9007199254740993', '99999999999999999999']) {
      expect(() => seed.parse(more, 'seed')).toThrow(UsageError);
    }
    expect(Object.is(seed.parse('-0', 'seed'), 0)).toBe(true);
  });
});

describe('decimal', () => {
  const threshold = decimal('', { low: 0, high: 1, open: true }, undefined);

  it.each(['0.5', '.25', '1.', '0.999999', '+0.1'])('reads %j', (given) => {
    if (given === '1.') expect(() => threshold.parse(given, 'threshold')).toThrow(UsageError);
    else expect(threshold.parse(given, 'threshold')).toBe(Number(given));
  });

  it.each(['', '0', '1', '-0.5', '1e-3', 'NaN', 'half', '0,5', '.'])('refuses %j', (given) => {
    expect(() => threshold.parse(given, 'threshold')).toThrow('--threshold must be a number between 0 and 1, got');
  });

  it('allows the ends unless told otherwise', () => {
    const share = decimal('', { low: 0, high: 1 }, undefined);
    expect([share.parse('0', 'x'), share.parse('1.0', 'x')]).toEqual([0, 1]);
  });
});

describe('other values', () => {
  it('reads recipes', () => {
    expect(parseRecipe('gamma=5, learningRate=7e-4,copy=0.5,beta1=.1')).toEqual({
      ...{ gamma: 5, learningRate: 7e-4, copy: 0.5, beta1: 0.1 },
    });
    for (const wrong of ['', 'gamma', 'gamma=', '=5', 'gamma=x', 'gamma=-1', 'a=1,,b=2', 'a=1e999x'])
      expect(() => parseRecipe(wrong)).toThrow(UsageError);
  });

  it('a choice is one of its words, and the nearest is named', () => {
    const device = choice('', ['auto', 'cpu', 'cuda'], 'auto');
    expect(device.parse('cuda', 'device')).toBe('cuda');
    expect(() => device.parse('cud', 'device')).toThrow(
      '--device must be auto, cpu or cuda, got cud; did you mean "cuda"?',
    );
    expect(() => device.parse('toString', 'device')).toThrow(UsageError);
  });

  it('a text is not empty', () => {
    const out = text('folder', '', undefined);
    expect(read(out)(' a b ')).toBe(' a b ');
    expect(() => read(out)('')).toThrow('--x is empty; it takes a folder');
    expect(() => read(out)('a\0b')).toThrow(UsageError);
  });

  it('semitones are two numbers in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: -127, max: 127 }), fc.integer({ min: -127, max: 127 }), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect(parseSemitones(`${from}..${to}`)).toEqual({ from, to });
        if (from < to) expect(() => parseSemitones(`${to}..${from}`)).toThrow(UsageError);
      }),
    );
    for (const wrong of ['', '3', '..', '1..', '1...2', '-128..0', '0..128', '1.5..2', '1..2..3', 'a..b']) {
      expect(() => parseSemitones(wrong)).toThrow(UsageError);
    }
  });
});
