import { DomainError } from '../errors.js';

/** Every way in which a MIDI file can be refused. A closed list: callers may branch on it. */
export type MidiErrorCode =
  | 'MIDI_EMPTY' // no bytes at all
  | 'MIDI_NOT_MIDI' // neither MThd nor RIFF/RMID at the start
  | 'MIDI_TRUNCATED' // ends inside a structure that nothing usable precedes
  | 'MIDI_BAD_HEADER' // a header shorter than 6 bytes, or of an unknown format
  | 'MIDI_BAD_DIVISION' // no ticks per beat, or an SMPTE rate that does not exist
  | 'MIDI_NO_TRACKS'
  | 'MIDI_BAD_EVENT' // a byte that no event may have here
  | 'MIDI_BAD_LENGTH' // a variable-length number of more than four bytes, or past the end of its chunk
  | 'MIDI_TOO_LARGE' // over the size limit
  | 'MIDI_TOO_MANY_EVENTS'
  | 'MIDI_TOO_MANY_TRACKS'
  | 'MIDI_TOO_LONG' // more music than the limit, or ticks past the safe range
  | 'MIDI_LIBRARY'; // the library behind another reader failed

/** A MIDI file that cannot be used: why, and at which byte. */
export class MidiError extends DomainError {
  constructor(
    override readonly code: MidiErrorCode,
    /** Decimal offset from the start of the file. */
    readonly offset: number,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`byte ${offset}: ${reason}`, options);
  }
}

/** The same, when it is known which file. */
export class MidiFileError extends DomainError {
  override readonly code: MidiErrorCode;
  readonly offset: number;
  constructor(
    readonly file: string,
    cause: MidiError,
  ) {
    super(`${file}: ${cause.message}`, { cause });
    [this.code, this.offset] = [cause.code, cause.offset];
  }
}
