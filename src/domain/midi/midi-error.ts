import { DomainError } from '../errors.js';

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
export class MidiError extends DomainError {
  constructor(
    override readonly code: MidiErrorCode,
    /** Byte offset from the start of the file. */
    readonly offset: number,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`byte ${offset}: ${reason}`, options);
  }
}

/** A MidiError with the name of the file. */
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
