import { describe, expect, it } from '@jest/globals';
import { createStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import { createInspectMidi } from '../../../src/app/inspect/inspect-midi.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { scoreReadersOf } from '../../support/midi/score-readers-of.js';

const note = { pitch: 43, velocity: 127, startTick: 24, durationTicks: 72, channel: 3 };
const score = {
  ...{ ticksPerBeat: 96, tempos: [], timeSignatures: [], keySignatures: [], endTick: 288 },
  tracks: [{ name: 'tune', program: 40, notes: [note] }],
};

describe('inspecting a MIDI file', () => {
  const files = createMemoryFileStore();
  const inspectMidi = createInspectMidi({ files, scoreReaders: scoreReadersOf() });

  it('gives its numbers in units of MIDI', async () => {
    await files.write('a.mid', createStandardMidiWriter().write(score));
    expect((await inspectMidi('a.mid')).json).toMatchObject({
      kind: 'midi',
      path: 'a.mid',
      ...{ format: 1, ticksPerQuarter: 96, notes: 1, endTick: 288, pitchMin: 43, pitchMax: 43 },
      firstNote: { tick: 24, pitch: 43, duration: 72, channel: 3, velocity: 127 },
    });
  });

  it('names the damaged file and byte', async () => {
    await files.write('b.mid', Buffer.from('MThd'));
    await expect(inspectMidi('b.mid')).rejects.toThrow(/^b\.mid: byte \d+: /);
  });
});
