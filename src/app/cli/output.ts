import { FileAccessError } from '../../domain/errors.js';
import type { TerminalStream } from '../../ports/console.js';

/** Where text goes: the result to stdout, what failed to stderr. */
export interface Output {
  /**
   * Resolves when the system has taken the text. A reader that has gone away (`| head -1`) wants no more: no error.
   * @throws FileAccessError when it cannot be written, such as on a full disk
   */
  write(text: string): Promise<void>;
}

export function streamOutput(stream: NodeJS.WritableStream): Output {
  // Without a listener an error that comes after the write has been reported would end the program with a stack trace.
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

/** A stream that a console and messages share: a message starts on a line of its own, whatever was being drawn. */
export function createSharedTerminal(stream: NodeJS.WriteStream): {
  readonly screen: TerminalStream;
  readonly messages: Output;
} {
  const output = streamOutput(stream);
  let lineIsOpen = false;
  const screen: TerminalStream = {
    isTTY: Boolean(stream.isTTY), // undefined where it is no terminal
    get columns() {
      return stream.columns;
    },
    write(text) {
      lineIsOpen = !text.endsWith('\n');
      void output.write(text).catch(() => undefined); // nobody is left to be told
    },
  };
  const messages: Output = {
    write(text) {
      const start = lineIsOpen ? '\n' : '';
      lineIsOpen = false;
      return output.write(start + text).catch(() => undefined);
    },
  };
  return { screen, messages };
}
