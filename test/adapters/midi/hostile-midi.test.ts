import { describe, expect, test } from '@jest/globals';
import { loadToneMidi } from '../../../src/adapters/midi/tonejs-midi.js';
import { createStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import { MidiError } from '../../../src/domain/midi/midi-error.js';
import type { MidiReadResult } from '../../../src/ports/midi-reader.js';
import { HOSTILE_FILES } from '../../support/midi/hostile-midi.js';
import { readOrError } from '../../support/midi/midi-assertions.js';

/** As `HostileFile.outcome` has it. */
function outcomeOf(result: MidiReadResult | MidiError): string {
  if (result instanceof MidiError) return `${result.code} at ${result.offset}`;
  const notes = result.score.tracks.flatMap((track) => track.notes);
  const played = notes.map(({ pitch, startTick, durationTicks }) => `${pitch}@${startTick}+${durationTicks}`);
  return [...played, ...result.warnings.map(({ offset }) => `!${offset}`)].join(' ');
}

describe('hostile files', () => {
  const reader = createStandardMidiReader();

  test.each(HOSTILE_FILES)('$name', ({ bytes, outcome }) => {
    expect(outcomeOf(readOrError(reader, bytes))).toBe(outcome);
  });

  test('@tonejs/midi gives the same notes or refuses', async () => {
    const tone = (await loadToneMidi()).reader;
    const outcomes = HOSTILE_FILES.map(({ bytes, outcome }) => [outcomeOf(readOrError(tone, bytes)), outcome] as const);
    const accepted = outcomes.filter(([got]) => !got.startsWith('MIDI_'));
    expect(accepted.map(([got]) => got)).toEqual(accepted.map(([, want]) => want));
    expect(accepted.length).toBeGreaterThan(8);
    // What our own reader refuses is refused alike.
    const refused = outcomes.filter(([, want]) => want.startsWith('MIDI_'));
    expect(refused.map(([got]) => got)).toEqual(refused.map(([, want]) => want));
  });

  test('an error is one line that says where and why', () => {
    for (const { bytes } of HOSTILE_FILES) {
      const result = readOrError(reader, bytes);
      const messages = result instanceof MidiError ? [result.message] : result.warnings.map(({ message }) => message);
      for (const message of messages) expect(message).toMatch(/^[ -~]{10,160}$/);
      if (result instanceof MidiError) expect(result.message).toBe(`byte ${result.offset}: ${result.reason}`);
    }
  });
});
