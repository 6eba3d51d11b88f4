/** A file that was found and not yet read. */
export interface ScoreFile {
  /** Path below the folder asked for, with `/` between folders; or the file's own name. Unique in one listing. */
  readonly name: string;
  /** How to open it. */
  readonly path: string;
}

/**
 * Finds and reads files with given endings, in any case, in folders and below them.
 *
 * Promises, one test each in test/contracts/score-library.contract.ts:
 * - Every file is listed once, in the order of its name's code points, whatever the folder's order.
 * - A file that is named itself is listed whatever its ending.
 * - Links are not followed out of the folder, and loops end.
 * - A path that does not exist rejects with FileAccessError, which names it.
 * - A file that cannot be read rejects with FileAccessError, which names it; one over `limit` bytes likewise.
 */
export interface ScoreLibrary {
  /** @param endings with their dot, in lower case */
  find(paths: readonly string[], endings: readonly string[]): Promise<readonly ScoreFile[]>;
  read(file: ScoreFile, limit: number): Promise<Uint8Array>;
}
