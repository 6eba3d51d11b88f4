import { FileAccessError } from '../../domain/errors.js';

/** Where the result goes: stdout. */
export interface Output {
  /**
   * Resolves when the system has taken the text. A reader that has gone away (`| head -1`) wants no more: that is no error.
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
