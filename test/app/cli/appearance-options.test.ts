import { describe, expect, it } from '@jest/globals';
import { terminalRollOptions, themeOf, type TerminalCapabilities } from '../../../src/app/cli/appearance-options.js';

const terminal: TerminalCapabilities = { isTTY: true, columns: 90, getColorDepth: () => 8 };

describe('terminalRollOptions', () => {
  it('is as wide as the terminal and has its colors', () => {
    expect(terminalRollOptions(terminal, { LANG: 'de_DE.UTF-8' })).toEqual({ width: 90, colorDepth: 8, ascii: false });
    expect(terminalRollOptions({ ...terminal, columns: 500 }, {}).width).toBe(132);
    expect(terminalRollOptions({ ...terminal, columns: 0 }, {}).width).toBe(100); // a terminal that does not know
    expect(terminalRollOptions({ ...terminal, columns: 10 }, {}).width).toBe(40);
  });

  it('has no colors in a file, and where they are not wanted', () => {
    expect(terminalRollOptions({}, {})).toEqual({ width: 100, colorDepth: 1, ascii: false });
    expect(terminalRollOptions({ ...terminal, isTTY: false }, {}).colorDepth).toBe(1);
    expect(terminalRollOptions(terminal, { NO_COLOR: '1' }).colorDepth).toBe(1);
  });

  it.each([
    [{ LC_ALL: 'C', LANG: 'en_GB.UTF-8' }, true],
    [{ LANG: 'en_GB.ISO-8859-1' }, true],
    [{ TERM: 'dumb', LANG: 'en_GB.UTF-8' }, true],
    [{ LC_ALL: '', LC_CTYPE: 'C.utf8', LANG: 'C' }, false],
    [{}, false],
  ])('draws in ASCII where the locale has no more: %j', (env, ascii) => {
    expect(terminalRollOptions(terminal, env).ascii).toBe(ascii);
  });
});

it('paper is light or dark, not both', () => {
  expect([themeOf({ light: false, dark: false }), themeOf({ light: false, dark: true })]).toEqual(['light', 'dark']);
  expect(() => themeOf({ light: true, dark: true })).toThrow('contradict');
});
