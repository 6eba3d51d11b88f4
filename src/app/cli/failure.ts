import { DomainError, InterruptedError, UsageError } from '../../domain/errors.js';
import { escapeForTerminal } from '../../domain/text.js';

export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

/** How an error ends the program: the line for the user, the object for --json, and the exit code. */
interface Failure {
  readonly line: string;
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
}

/** @param terminated whether SIGTERM, not Ctrl-C, asked to stop */
export function describeFailure(error: unknown, command: string | undefined, terminated: boolean): Failure {
  const name = command === undefined ? 'apollo' : `apollo ${command}`;
  if (error instanceof UsageError) {
    const advice = `ee ${name} --help`;
    const message = oneLine(error.message);
    const line = `${name}: ${message}${message.endsWith('?') ? ` S${advice}` : `; s${advice}`}`;
    return { line, code: error.code, message, exitCode: EXIT.usage };
  }
  if (error instanceof DomainError) {
    const message = oneLine(error.message);
    const stopped = terminated ? EXIT.terminated : EXIT.interrupted;
    const exitCode = error instanceof InterruptedError ? stopped : EXIT.failed;
    return { line: `apollo: ${message}`, code: error.code, message, exitCode };
  }
  const message = `this is a bug in Apollo: ${oneLine(error instanceof Error ? error.message : String(error))}`;
  return {
    line: `apollo: ${message}; run again with --verbose for details`,
    code: 'BUG',
    message,
    exitCode: EXIT.failed,
  };
}

/** The error and its causes, each with its stack, for --verbose. */
export function errorDetails(error: unknown): readonly string[] {
  const lines: string[] = [];
  for (let cause = error, depth = 0; cause !== undefined && depth < 10; depth++) {
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    const [first = '', ...rest] = text.split('\n');
    lines.push(escapeForTerminal(depth === 0 ? first : `caused by ${first}`), ...rest.map(escapeForTerminal));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines;
}

const oneLine = (message: string): string => escapeForTerminal(message.trim().replace(/\s*[\r\n]+\s*/g, '; '));
