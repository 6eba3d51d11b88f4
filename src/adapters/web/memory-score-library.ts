import { byCodePoints } from '../../domain/code-point-order.js';
import { FileAccessError } from '../../domain/errors.js';
import { hasEnding } from '../../domain/file-ending.js';
import type { ScoreLibrary } from '../../ports/score-library.js';

/** An entry at an absolute path: bytes, a link, or something that cannot be read. */
export type ScoreLibraryEntry = Uint8Array | { readonly link: string } | 'unreadable';

/** A ScoreLibrary of files in memory, by absolute path. Links are not followed: one to a listed file is skipped. */
export function createMemoryScoreLibrary(
  entries: ReadonlyMap<string, ScoreLibraryEntry>,
  folders: readonly string[] = [],
): ScoreLibrary {
  /** The files of a folder and below, or the file of that path. */
  const foundAt = (root: string, endings: readonly string[]): readonly string[] => {
    const below = [...entries.keys()].filter((path) => path.startsWith(`${root}/`));
    if (entries.has(root)) return [root];
    if (below.length === 0 && !folders.includes(root)) {
      throw new FileAccessError(`cannot read ${root}: no such file or folder`);
    }
    return below.filter((path) => {
      const target = targetOf(path, entries.get(path)!);
      return hasEnding(path, endings) && (target === undefined || target === path || !below.includes(target));
    });
  };
  return {
    async find(asked, endings) {
      const found = new Map<string, { readonly root: string; readonly name: string }>();
      for (const root of asked.map((path) => path.replace(/\/+$/, ''))) {
        for (const path of foundAt(root, endings)) {
          const name = path === root ? path.replace(/.*\//s, '') : path.slice(root.length + 1);
          if (!found.has(path)) found.set(path, { root, name });
        }
      }
      const names = [...found.values()].map((file) => file.name);
      const isUnique = (name: string): boolean => names.indexOf(name) === names.lastIndexOf(name);
      return [...found]
        .map(([path, { root, name }]) => ({ path, name: isUnique(name) ? name : `${root}/${name}` }))
        .sort((a, b) => byCodePoints(a.name, b.name));
    },
    async read({ name, path }, limit) {
      const entry = entries.get(path);
      if (!(entry instanceof Uint8Array)) throw new FileAccessError(`cannot read ${name}: it is no file`);
      if (entry.length > limit) throw new FileAccessError(`cannot read ${name}: it has ${entry.length} bytes`);
      return entry.slice();
    },
  };
}

const targetOf = (path: string, entry: ScoreLibraryEntry): string | undefined =>
  typeof entry === 'object' && 'link' in entry ? new URL(entry.link, `file://${path}`).pathname : undefined;
