import { ScoreError } from '../music/score-error.js';

/** Reasons for which a MIDI file is refused. Callers may branch on them. */
type MidiErrorCode =
  | 'MIDI_EMPTY' // no bytes at all
  | 'MIDI_NOT_MIDI' // neither MThd nor RIFF/RMID at the start
  | 'MIDI_TRUNCATED' // ends inside a structure, with nothing usable before it
  | 'MIDI_BAD_HEADER' // a header shorter than 6 bytes, or of an unknown format
  | 'MIDI_BAD_DIVISION' // no ticks per beat, or an SMPTE rate that does not exist
  | 'MIDI_NO_TRACKS'
  | 'MIDI_BAD_EVENT' // a byte that is not allowed in an event
  | 'MIDI_BAD_LENGTH' // a variable-length quantity over four bytes, or a length past the end of its chunk
  | 'MIDI_TOO_LARGE' // more bytes than the limit
  | 'MIDI_TOO_MANY_EVENTS'
  | 'MIDI_TOO_MANY_TRACKS'
  | 'MIDI_TOO_LONG' // more music than the limit, or ticks past the safe range
  | 'MIDI_LIBRARY'; // another reader's library failed

/** A MIDI file that cannot be used. */
export class MidiError extends ScoreError {
  constructor(
    override readonly code: MidiErrorCode,
    offset: number,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(offset, reason, options);
  }
}
