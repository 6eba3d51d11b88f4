import { DomainError, FileAccessError } from '../../../domain/errors.js';
import type { TuneFacts, TuneToWrite } from '../../../ports/tune-writer.js';

/** The data that the thread starts with. */
export interface TuneWriterThreadData {
  /** URL of a module. */
  readonly module: string;
  /** The export that opens the thread's tune writer: () => Promise<TuneWriter>. */
  readonly exportName: string;
}

/** To the thread: a tune, or that none comes any more. */
export type TuneWriterRequest = { readonly id: number; readonly tune: TuneToWrite } | 'close';

/** From the thread, about the tune of that number. */
export type TuneWriterResponse =
  { readonly id: number; readonly facts: TuneFacts } | { readonly id: number; readonly failure: SerializedError };

/** An error as plain data: its class would be lost on the way to another thread. */
export interface SerializedError {
  readonly code: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
}

export const serializeError = (error: unknown): SerializedError => ({
  code: error instanceof DomainError ? error.code : undefined,
  message: error instanceof Error ? error.message : String(error),
  stack: error instanceof Error ? error.stack : undefined,
});

/** Only file access is expected to fail; any other error is a bug. */
export function deserializeError({ code, message, stack }: SerializedError): Error {
  const cause = Object.assign(new Error(message), stack === undefined ? {} : { stack });
  return code === 'FILE_ACCESS' ? new FileAccessError(message, { cause }) : cause;
}
