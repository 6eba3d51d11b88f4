import { DomainError } from '../errors.js';

/** A file of a score that cannot be used: a MidiError, or that of another format. */
export abstract class ScoreError extends DomainError {
  constructor(
    /** Byte offset from the start of the file. */
    readonly offset: number,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`byte ${offset}: ${reason}`, options);
  }
}

/** A ScoreError with the name of the file. */
export class ScoreFileError extends DomainError {
  override readonly code: string;
  readonly offset: number;
  constructor(
    readonly file: string,
    cause: ScoreError,
  ) {
    super(`${file}: ${cause.message}`, { cause });
    [this.code, this.offset] = [cause.code, cause.offset];
  }
}
