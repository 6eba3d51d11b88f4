/**
 * An expected failure with a message for the user: what, where, what was expected and got, what to do. Bugs throw a
 * plain Error. Only src/app/main.ts turns errors into exit codes.
 */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Invalid usage: a wrong option, an unknown name, a number out of range. Exit code 2. */
export class UsageError extends DomainError {
  readonly code = 'USAGE';
}

/** The operation was stopped by a signal. Exit code 130. */
export class InterruptedError extends DomainError {
  readonly code = 'INTERRUPTED';
}

/** Incompatible tensor shapes: a bug in a model, found when its graph is built. */
export class ShapeError extends DomainError {
  readonly code = 'SHAPE_MISMATCH';
  constructor(op: string, got: readonly (readonly number[])[], want: string) {
    super(`${op} needs ${want}, got ${got.map((s) => `[${s.join(', ')}]`).join(' and ') || 'nothing'}`);
  }
}

export class UnfedInputError extends DomainError {
  readonly code = 'UNFED_INPUT';
  constructor(name: string) {
    super(`the program's input "${name}" has no feed; feed a tensor of that name`);
  }
}

/** A file or folder with a wrong digest, version or layout. */
export class DamagedFileError extends DomainError {
  readonly code = 'DAMAGED_FILE';
}

/** A file or folder that does not exist, or cannot be read or written. */
export class FileAccessError extends DomainError {
  readonly code = 'FILE_ACCESS';
}

/** The output exists already. */
export class AlreadyExistsError extends DomainError {
  readonly code = 'ALREADY_EXISTS';
}

/** An engine or device that is not available on this machine. */
export class UnavailableDeviceError extends DomainError {
  readonly code = 'UNAVAILABLE_DEVICE';
}

/** The engine's native library failed while it compiled or ran a program. */
export class EngineError extends DomainError {
  readonly code = 'ENGINE';
}

/** Another process is training in this run's folder. */
export class RunInUseError extends DomainError {
  readonly code = 'RUN_IN_USE';
}

/** None of the sources could be used, or not all of them where all are required. */
export class UnusableSourcesError extends DomainError {
  readonly code = 'UNUSABLE_SOURCES';
}

/** A worker thread stopped before its task was done. */
export class WorkerError extends DomainError {
  readonly code = 'WORKER';
}
