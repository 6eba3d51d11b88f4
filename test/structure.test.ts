import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const MAX_FILES = 15;
const MAX_DEPTH = 5;
const MAX_LINES = 300;

/** Folders whose files all do the same job: one more file there makes nothing harder to find. */
const FLAT_FOLDERS = [
  'src/ports',
  'src/domain/evaluation/features',
  'src/app/cli/commands',
  'test/contracts',
  'test/support/fakes',
  'docs/adr',
  'bench',
];

/** Words that say nothing about what a file holds. */
const EMPTY_WORDS = [
  'util',
  'utils',
  'utility',
  'utilities',
  'helper',
  'helpers',
  'manager',
  'common',
  'shared',
  'misc',
];

const ROOTS = ['src', 'test', 'bench', 'scripts', 'examples', 'docs', 'bin'];

const paths = ROOTS.flatMap((root) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).split(sep).join('/')),
);

/** @returns `folder: number of files`, for each folder that has too many */
function findCrowdedFolders(files: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const path of files) {
    if (posix.basename(path) === 'README.md') continue;
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const crowded = [...counts].filter(([folder, count]) => count > MAX_FILES && !FLAT_FOLDERS.includes(folder));
  return crowded.map(([folder, count]) => `${folder}: ${count}`);
}

/** `src/adapters/onnx/lowering/cpu` is five deep. */
const findDeepFiles = (files: readonly string[]): string[] =>
  files.filter((path) => path.split('/').length - 1 > MAX_DEPTH);

const findEmptyWords = (files: readonly string[]): string[] =>
  files.filter((path) => path.split(/[/._-]/).some((word) => EMPTY_WORDS.includes(word.toLowerCase())));

/** Lines of every kind: blank ones and comments have to be read, too. */
const countLines = (text: string): number => text.replace(/\n$/, '').split('\n').length;

describe('the structure of the folders', () => {
  it('sees the files', () => {
    expect(paths).toContain('src/domain/random.ts');
    expect(paths.length).toBeGreaterThan(400);
  });

  it(`has at most ${MAX_FILES} files in a folder`, () => {
    expect(findCrowdedFolders(paths)).toEqual([]);
    const planted = Array.from({ length: MAX_FILES + 1 }, (_, i) => `src/app/probe/file-${i}.ts`);
    expect(findCrowdedFolders(planted)).toEqual([`src/app/probe: ${MAX_FILES + 1}`]);
    expect(findCrowdedFolders(planted.slice(1))).toEqual([]);
  });

  it('excepts only folders that exist', () => {
    for (const folder of FLAT_FOLDERS) expect(paths.some((path) => path.startsWith(`${folder}/`))).toBe(true);
  });

  it(`has no folder deeper than ${MAX_DEPTH}`, () => {
    expect(findDeepFiles(paths)).toEqual([]);
    expect(findDeepFiles(['src/a/b/c/d/file.ts', 'src/a/b/c/d/e/file.ts'])).toEqual(['src/a/b/c/d/e/file.ts']);
  });

  it('names files and folders after what they hold', () => {
    expect(findEmptyWords(paths)).toEqual([]);
    const planted = ['src/utils/a.ts', 'src/app/tune-helper.ts', 'test/shared.test.ts', 'src/app/commonplace.ts'];
    expect(findEmptyWords(planted)).toEqual(planted.slice(0, 3));
  });

  it(`has no source file over ${MAX_LINES} lines`, () => {
    const sources = paths.filter((path) => path.startsWith('src/') && path.endsWith('.ts'));
    expect(countLines('a\nb\n')).toBe(2);
    expect(sources.filter((path) => countLines(readFileSync(path, 'utf8')) > MAX_LINES)).toEqual([]);
  });
});
