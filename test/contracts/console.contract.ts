import { describe, expect, it } from '@jest/globals';
import type { Console } from '../../src/ports/console.js';

/** A console, and what it has written so far: for the user, and where the result goes. */
interface ConsoleUnderTest {
  readonly console: Console;
  shown(): string;
  result(): string;
}

/** What every Console promises. */
export function consoleContract(name: string, make: (options: { readonly quiet: boolean }) => ConsoleUnderTest): void {
  describe(`Console: ${name}`, () => {
    it('writes say, warn and progress for the user, never where the result goes', () => {
      const { console, shown, result } = make({ quiet: false });
      console.say('reading tunes');
      console.progress({ done: 3, total: 3, unit: 'files', detail: 'all good' });
      console.warn('one is odd');
      for (const text of ['reading tunes', '3/3 files', 'all good', 'one is odd']) expect(shown()).toContain(text);
      expect(result()).toBe('');
    });

    it('shows control characters escaped', () => {
      const { console, shown } = make({ quiet: false });
      console.say('a\u001b[2Jb\rc\nd\u0085e\u202ef');
      console.warn('g\u0007h');
      console.progress({ done: 1, total: 1, unit: 'files', detail: 'i\u001b]0;title\u0007' });
      expect(shown()).toContain('a\\x1b[2Jb\\x0dc\\x0ad\\x85e\\u202ef');
      expect(shown()).toContain('g\\x07h');
      expect(shown()).toContain('i\\x1b]0;title\\x07');
    });

    it('silences say and progress when quiet, never warn', () => {
      const { console, shown } = make({ quiet: true });
      console.say('reading');
      console.progress({ done: 1, total: 1, unit: 'files' });
      expect(shown()).toBe('');
      console.warn('one is odd');
      expect(shown()).toContain('one is odd');
    });
  });
}
