import { readdirSync, realpathSync, statSync, type Dirent, type Stats } from 'node:fs';
import { basename } from 'node:path';
import { hasEnding } from '../../domain/file-ending.js';
import type { ScoreFile } from '../../ports/score-library.js';
import { byCodePoints } from '../../domain/code-point-order.js';
import { errorCode, fileAccessError } from './atomic/file-access-error.js';
import { toNodePath, encodePath, decodePath, printablePath } from './path-encoding.js';

/**
 * Lists the files with one of the endings in folders and below them, and files that are named directly, each once.
 * Other entries with such an ending (a pipe, a link out of the folder, an unreadable folder) are listed too, so that
 * reading them reports the problem.
 */
export async function findScoreFiles(
  paths: readonly string[],
  endings: readonly string[],
): Promise<readonly ScoreFile[]> {
  const found = new Map<string, FoundFile>(); // by real path, so that overlapping folders list a file once
  for (const asked of paths) {
    for (const file of filesAt(asked, endings)) if (!found.has(file.path)) found.set(file.path, file);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return withUniqueNames([...found.values()]);
}

/** Why a link was not followed: it leads nowhere, in a circle, or out of the folder. */
export function describeUnfollowedLink(path: string): string {
  try {
    realpathSync.native(encodePath(path));
    return 'a link that leads out of the folder, so it is not followed';
  } catch (cause) {
    return errorCode(cause) === 'ELOOP' ? 'a link that leads in a circle' : 'a link that leads nowhere';
  }
}

interface FoundFile {
  /** Below the folder asked for. */
  readonly name: string;
  /** The path asked for, as it was given. */
  readonly requestedPath: string;
  /** Real, as text that `encodePath` understands. */
  readonly path: string;
}

function filesAt(requestedPath: string, endings: readonly string[]): readonly FoundFile[] {
  let path: string;
  let facts: Stats;
  try {
    path = realPath(requestedPath);
    facts = statSync(encodePath(path));
  } catch (cause) {
    throw fileAccessError('read', requestedPath, cause);
  }
  if (facts.isDirectory()) return filesBelow(path, requestedPath, endings);
  return [{ name: printablePath(basename(path)), requestedPath, path }];
}

/** Walks with a list of folders instead of calls: a tree can be deeper than the stack. */
function filesBelow(root: string, requestedPath: string, endings: readonly string[]): readonly FoundFile[] {
  const found: FoundFile[] = [];
  const folders = ['']; // relative to the root, each ending in '/'
  const links: string[] = [];
  const list = (relative: string, path = joinPath(root, relative)): void => {
    found.push({ name: printablePath(relative), requestedPath, path });
  };
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const before = found.length + folders.length + links.length;
    let entries: readonly FolderEntry[];
    try {
      entries = readEntries(joinPath(root, folder));
    } catch (cause) {
      if (folder === '') throw fileAccessError('read the folder', requestedPath, cause);
      list(folder); // reported as a file that cannot be read
      continue;
    }
    for (const entry of entries) {
      const relative = folder + entry.name;
      if (entry.isDirectory()) folders.push(`${relative}/`);
      else if (!hasEnding(relative, endings)) continue;
      else if (entry.isSymbolicLink()) links.push(relative);
      else list(relative);
    }
    const nothing = found.length + folders.length + links.length === before;
    if (nothing && hasEnding(folder.slice(0, -1), endings)) list(folder); // an empty folder that is called like a file
  }
  // After all files, in order of name: a file that links lead to keeps its own name, or that of the first link.
  for (const link of links.sort(byCodePoints)) list(link, resolveLinkInside(root, joinPath(root, link)));
  return found;
}

type FolderEntry = Pick<Dirent, 'name' | 'isDirectory' | 'isSymbolicLink'>;

/** Names as text that `encodePath` understands. */
function readEntries(folder: string): readonly FolderEntry[] {
  const entries = readdirSync(toNodePath(folder), { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes('\ufffd'))) return entries;
  // Some name is not UTF-8, or has this character. Only bytes tell, and take three times as long.
  return readdirSync(toNodePath(folder), { withFileTypes: true, encoding: 'buffer' }).map((entry) => ({
    name: decodePath(entry.name),
    isDirectory: () => entry.isDirectory(),
    isSymbolicLink: () => entry.isSymbolicLink(),
  }));
}

/** The real path of a link to a file in the folder; the link's own for any other link, which `read` will refuse. */
function resolveLinkInside(root: string, link: string): string {
  try {
    const target = realPath(link);
    return target.startsWith(joinPath(root, '')) && !statSync(encodePath(target)).isDirectory() ? target : link;
  } catch {
    return link; // leads nowhere or in a circle
  }
}

/**
 * In order of name. Names are unique in one listing: where two folders hold a file of the same name, each gets its
 * folder, as it was given, in front; should that not tell them apart, a number follows.
 */
function withUniqueNames(files: FoundFile[]): readonly ScoreFile[] {
  const inOrder = files.sort((a, b) => byCodePoints(a.name, b.name) || byCodePoints(a.path, b.path));
  const isTwice = ({ name }: FoundFile, i: number): boolean =>
    name === inOrder[i - 1]?.name || name === inOrder[i + 1]?.name;
  if (!inOrder.some(isTwice)) return inOrder.map(({ name, path }) => ({ name, path }));
  const taken = new Set<string>();
  return inOrder
    .map((file, i) => {
      const base = isTwice(file, i) ? `${file.requestedPath.replace(/\/+$/, '')}/${file.name}` : file.name;
      let unique = base;
      for (let n = 2; taken.has(unique); n++) unique = `${base} (${n})`;
      taken.add(unique);
      return { name: unique, path: file.path };
    })
    .sort((a, b) => byCodePoints(a.name, b.name));
}

const realPath = (path: string): string => decodePath(realpathSync.native(encodePath(path), 'buffer'));
const joinPath = (folder: string, name: string): string => (folder.endsWith('/') ? folder + name : `${folder}/${name}`);
