import { FileAccessError } from '../../domain/errors.js';
import type { TerminalStream } from '../../ports/console.js';

/** A text output: stdout for the result, stderr for messages. */
export interface Output {
  /**
   * Resolves when the system has taken the text, or when the reader has gone away (`| head -1`), which is no error.
   * @throws FileAccessError when it cannot be written, such as on a full disk
   */
  write(text: string): Promise<void>;
}

export function streamOutput(stream: NodeJS.WritableStream): Output {
  // Without a listener, an error that follows the report of a write would end the program with a stack trace.
  stream.on('error', () => undefined);
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
          if (!error || error.code === 'EPIPE') resolve();
          else
            reject(
              new FileAccessError(`cannot write to standard output (${error.code ?? error.message})`, { cause: error }),
            );
        });
      }),
  };
}

/** A stream shared by progress and messages. A message starts on a line of its own, whatever was being drawn. */
export function createSharedTerminal(stream: NodeJS.WriteStream): {
  readonly terminal: TerminalStream;
  readonly messages: Output;
} {
  const output = streamOutput(stream);
  let lineIsOpen = false;
  const terminal: TerminalStream = {
    isTTY: Boolean(stream.isTTY), // undefined where it is not a terminal
    get columns() {
      return stream.columns;
    },
    write(text) {
      lineIsOpen = !text.endsWith('\n');
      void output.write(text).catch(() => undefined); // nobody reads the output any more
    },
  };
  const messages: Output = {
    write(text) {
      const start = lineIsOpen ? '\n' : '';
      lineIsOpen = false;
      return output.write(start + text).catch(() => undefined);
    },
  };
  return { terminal, messages };
}
