import { describe, expect, it } from '@jest/globals';
import { isMidiName, MIDI_ENDINGS, MIDI_ENDINGS_TEXT, stripMidiEnding } from '../../../src/domain/midi/midi-endings.js';

describe('endings of MIDI files', () => {
  it.each([...MIDI_ENDINGS, '.MID', '.Kar'])('recognizes and strips %s', (ending) => {
    expect(isMidiName(`a.b${ending}`)).toBe(true);
    expect(stripMidiEnding(`a.b${ending}`)).toBe('a.b');
  });

  it.each(['mid', 'amid', 'a.mid.txt', 'a.midx', 'a.mid\n', ''])('leaves %j as it is', (name) => {
    expect(isMidiName(name)).toBe(false);
    expect(stripMidiEnding(name)).toBe(name);
  });

  it('are named in a sentence', () => {
    expect(MIDI_ENDINGS_TEXT).toBe('.mid, .midi, .smf, .kar, .rmi');
  });
});
