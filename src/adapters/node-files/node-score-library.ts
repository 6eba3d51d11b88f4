import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ByteSlab } from '../../domain/byte-slab.js';
import { FileAccessError } from '../../domain/errors.js';
import type { ScoreFile, ScoreLibrary } from '../../ports/score-library.js';
import { errorCode, fileAccessError } from './atomic/file-access-error.js';
import { describeFileKind } from './atomic/file-kind.js';
import { toNodePath } from './path-encoding.js';
import { findScoreFiles, describeUnfollowedLink } from './find-score-files.js';

/** Files of scores on this machine's disks. */
export function createNodeScoreLibrary(): ScoreLibrary {
  let lastTurn = 0;
  return {
    find: findScoreFiles,
    async read(file, limit) {
      // Reading at once is several times faster than by promises, but signals and timers must get their turn.
      if (performance.now() - lastTurn > YIELD_INTERVAL_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        lastTurn = performance.now();
      }
      return readScoreFile(file, limit);
    },
  };
}

const YIELD_INTERVAL_MS = 20;

function readScoreFile({ name, path }: ScoreFile, limit: number): Uint8Array {
  let file: number | undefined;
  try {
    // A pipe or device must not block, and a link that was not followed when it was found is not followed now.
    file = openSync(toNodePath(path), constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0));
    const facts = fstatSync(file);
    if (!facts.isFile()) throw new FileAccessError(`cannot read ${name}: it is ${describeFileKind(facts)}, not a file`);
    if (facts.size > limit) {
      throw new FileAccessError(`cannot read ${name}: it has ${facts.size} bytes, more than the limit of ${limit}`);
    }
    return readBytes(file, facts.size);
  } catch (cause) {
    if (cause instanceof FileAccessError) throw cause;
    if (errorCode(cause) !== 'ELOOP') throw fileAccessError('read', name, cause);
    throw new FileAccessError(`cannot read ${name}: it is ${describeUnfollowedLink(path)}`, { cause });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Most tunes have a few thousand bytes. */
const SLAB = new ByteSlab(2 ** 18);

function readBytes(file: number, size: number): Uint8Array {
  const bytes = SLAB.allocate(size);
  let done = 0;
  while (done < size) {
    const read = readSync(file, bytes, done, size - done, done);
    if (read === 0) return bytes.subarray(0, done); // cut since it was measured
    done += read;
  }
  return bytes;
}
