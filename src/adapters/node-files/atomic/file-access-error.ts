import { FileAccessError } from '../../../domain/errors.js';

/**
 * The operating system's error in one sentence that names the path.
 *
 * @param action what was tried, such as `write` or `open the folder`
 * @param path as the user knows it
 * @param needed bytes the file needs, when room for them may be what is missing
 */
export function fileAccessError(action: string, path: string, cause: unknown, needed?: number): FileAccessError {
  const room = needed === undefined ? '' : ` (at least ${needed} bytes needed)`;
  return new FileAccessError(`cannot ${action} ${path}: ${describeSystemError(cause)}${room}`, { cause });
}

/** `ENOENT` and its like, or '' for what is no error of the operating system. */
export function errorCode(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** `no space left on device` for an error with code ENOSPC, and so on. */
function describeSystemError(cause: unknown): string {
  const code = errorCode(cause);
  const words = ERROR_DESCRIPTIONS.get(code);
  if (words !== undefined) return words;
  if (code !== '') return `the system says ${code}`;
  return cause instanceof Error ? cause.message : String(cause);
}

const ERROR_DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EBUSY', 'it is in use'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EEXIST', 'it exists already'],
  ['EFBIG', 'the file would be too large for this file system'],
  ['EINVAL', 'this kind of file does not allow it'],
  ['EIO', 'input/output error of the device'],
  ['EISDIR', 'it is a folder, not a file'],
  ['ELOOP', 'its links lead in a circle'],
  ['EMFILE', 'too many open files'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ENFILE', 'too many open files on this machine'],
  ['ENODEV', 'no such device'],
  ['ENOENT', 'no such file or folder'],
  ['ENOSPC', 'no space left on device'],
  ['ENOTDIR', 'a part of the path is a file, not a folder'],
  ['ENOTEMPTY', 'the folder is not empty'],
  ['ENXIO', 'it is a pipe, socket or device that nothing serves'],
  ['EPERM', 'operation not permitted'],
  ['EROFS', 'read-only file system'],
  ['ESTALE', 'the network file system has lost it'],
  ['ETXTBSY', 'it is being run'],
  ['EXDEV', 'it lies on another file system'],
  ['ERR_INVALID_ARG_VALUE', 'the path holds a null byte'],
]);
