import { DamagedFileError, EngineError } from '../../domain/errors.js';

/**
 * Runs work on the bytes of a model and puts the file's path in front of what it complains of.
 * @throws DamagedFileError for bytes that are damaged or that the engine cannot run
 */
export async function withPathInError<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof DamagedFileError || cause instanceof EngineError)) throw cause;
    throw new DamagedFileError(`${path} cannot be used as a model: ${cause.message}`, { cause });
  }
}
