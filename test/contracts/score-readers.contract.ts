import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScoreError } from '../../src/domain/music/score-error.js';
import type { ScoreReaders } from '../../src/ports/score-readers.js';

/** What every ScoreReaders promises. */
export function scoreReadersContract(name: string, make: () => ScoreReaders): void {
  describe(`ScoreReaders: ${name}`, () => {
    let readers: ScoreReaders;
    beforeEach(() => {
      readers = make();
    });

    it('lists the endings of all formats, each once', () => {
      expect(readers.endings.length).toBeGreaterThan(0);
      expect(new Set(readers.endings).size).toBe(readers.endings.length);
      for (const ending of readers.endings) expect(readers.formatOf(`a${ending}`).endings).toContain(ending);
    });

    it('recognizes a name by its ending, in upper or lower case', () => {
      const stem = fc.string().filter((text) => !text.includes('.'));
      fc.assert(
        fc.property(stem, fc.constantFrom(...readers.endings), (text, ending) => {
          expect(readers.recognizes(`${text}${ending}`)).toBe(true);
          expect(readers.recognizes(`${text}${ending.toUpperCase()}`)).toBe(true);
          expect(readers.recognizes(`${text}${ending}.bak`)).toBe(false);
          expect(readers.recognizes(text)).toBe(false);
        }),
      );
    });

    it('chooses the format of the ending, and the first for another ending', () => {
      for (const ending of readers.endings) {
        expect(readers.formatOf(`x${ending.toUpperCase()}`)).toBe(readers.formatOf(`y${ending}`));
      }
      expect(readers.formatOf('notes.txt').endings).toContain(readers.endings[0]);
    });

    it('has readers that throw ScoreError for bytes they cannot use', async () => {
      for (const ending of readers.endings) {
        const reader = await readers.formatOf(`a${ending}`).open();
        expect(() => reader.read(new TextEncoder().encode('no score at all'))).toThrow(ScoreError);
      }
    });
  });
}
