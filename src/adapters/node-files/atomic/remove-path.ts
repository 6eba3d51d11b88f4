import { rm } from 'node:fs/promises';
import { fileAccessError } from './file-access-error.js';

/**
 * Deletes a file, or a folder with all that is in it; what is not there is no error.
 * @throws FileAccessError that names the path
 */
export const removePath = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true }).catch((cause: unknown) => {
    throw fileAccessError('delete', path, cause);
  });
