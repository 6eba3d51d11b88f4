import { DomainError, FileAccessError } from '../../domain/errors.js';
import type { TuneFacts, TuneToEngrave } from '../../ports/engraver.js';

/** What the thread is told: a tune, or that none comes any more. */
export type Question = { readonly id: number; readonly tune: TuneToEngrave } | 'close';

/** What it says of the tune of that number. */
export type Answer =
  { readonly id: number; readonly facts: TuneFacts } | { readonly id: number; readonly failure: PlainFailure };

/** An error as plain data: its class would be lost on the way to another thread. */
export interface PlainFailure {
  readonly code: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
}

export const plain = (error: unknown): PlainFailure => ({
  code: error instanceof DomainError ? error.code : undefined,
  message: error instanceof Error ? error.message : String(error),
  stack: error instanceof Error ? error.stack : undefined,
});

/** Files are all that an engraver can fail of; anything else is a bug. */
export function revived({ code, message, stack }: PlainFailure): Error {
  const cause = Object.assign(new Error(message), stack === undefined ? {} : { stack });
  return code === 'FILE_ACCESS' ? new FileAccessError(message, { cause }) : cause;
}
