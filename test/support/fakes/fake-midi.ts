import { MidiError } from '../../../src/domain/midi/midi-error.js';
import type { Score } from '../../../src/domain/music/score.js';
import type { MidiReader } from '../../../src/ports/midi-reader.js';
import type { MidiWriter } from '../../../src/ports/midi-writer.js';

/** MIDI files that a person can read: a checksum and the score as JSON. For tests of what uses the ports. */
export function fakeMidi(): { readonly reader: MidiReader; readonly writer: MidiWriter } {
  return {
    writer: {
      write(score) {
        const json = JSON.stringify(score);
        return new TextEncoder().encode(`${checksum(json)} ${json}`);
      },
    },
    reader: {
      read(bytes) {
        if (bytes.length === 0) throw new MidiError('MIDI_EMPTY', 0, 'the file is empty');
        const [, sum, json] = /^(\d+) (.*)$/s.exec(new TextDecoder().decode(bytes)) ?? [];
        if (sum === undefined || json === undefined || sum !== `${checksum(json)}`) {
          throw new MidiError('MIDI_NOT_MIDI', 0, 'not what the fake writer wrote');
        }
        const score = JSON.parse(json) as Score;
        return { score, format: 1, trackChunks: score.tracks.length, warnings: [] };
      },
    },
  };
}

/** Fowler, Noll and Vo's hash, 32 bits. */
function checksum(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
