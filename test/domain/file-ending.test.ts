import { describe, expect, it } from '@jest/globals';
import { hasEnding, stripEnding } from '../../src/domain/file-ending.js';
import { MIDI_ENDINGS } from '../../src/domain/midi/midi-endings.js';

describe('endings of file names', () => {
  it.each([...MIDI_ENDINGS, '.MID', '.Kar'])('recognizes and strips %s', (ending) => {
    expect(hasEnding(`a.b${ending}`, MIDI_ENDINGS)).toBe(true);
    expect(stripEnding(`a.b${ending}`, MIDI_ENDINGS)).toBe('a.b');
  });

  it.each(['mid', 'amid', 'a.mid.txt', 'a.midx', 'a.mid\n', ''])('leaves %j as it is', (name) => {
    expect(hasEnding(name, MIDI_ENDINGS)).toBe(false);
    expect(stripEnding(name, MIDI_ENDINGS)).toBe(name);
  });
});
