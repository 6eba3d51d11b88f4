import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { cliMarkdown } from '../scripts/cli-docs.js';
import { COMMON_OPTIONS } from '../src/app/cli/command.js';
import { COMMANDS } from '../src/app/cli/commands.js';

const sources = readdirSync('src', { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(join('src', path), 'utf8'));

describe('docs/errors.md', () => {
  it('lists every code that an error in src can have, and no other', () => {
    const inSource = sources.flatMap((text) => [
      ...[...text.matchAll(/\bcode(?:: string)? = '([A-Z_]+)'/g)].map(([, code]) => code),
      ...[...text.matchAll(/\bcode: '(BUG)'/g)].map(([, code]) => code),
      ...[...text.matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map(([, code]) => code),
    ]);
    const listed = [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    expect(inSource.length).toBeGreaterThan(20);
    expect([...new Set(listed)].sort()).toEqual([...new Set(inSource)].sort());
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('knows every error class: each has a code of its own', () => {
    const classes = sources.flatMap((text) => [
      ...text.matchAll(/class \w+ extends (?:Domain|Score)Error \{([^}]*?)\bcode\b/g),
    ]);
    const all = sources.flatMap((text) => [...text.matchAll(/^(?:export )?class \w+ extends (?:Domain|Score)Error/gm)]);
    expect(classes).toHaveLength(all.length);
  });
});

describe('docs/reliability.md', () => {
  it('names a test for each promise, and every one is there', () => {
    const text = readFileSync('docs/reliability.md', 'utf8');
    const tests = readdirSync('test', { recursive: true }).map((path) => `/test/${String(path)}`);
    const named = [...text.matchAll(/`([\w./-]+\.(?:test|contract)\.ts)`/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((name) => !tests.some((path) => path.endsWith(`/${name}`)))).toEqual([]);
    const cells = text.split('\n').map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
    const promises = cells.filter((row) => row.length === 5 && !/^(promise|-+)$/.test(row[1]!));
    expect(promises.length).toBeGreaterThan(20);
    for (const [, promise, , proof] of promises)
      expect({ promise, proof }).toEqual({ promise, proof: expect.stringMatching(/`.*`|the same/) });
  });
});

describe('README.md', () => {
  const readme = readFileSync('README.md', 'utf8');

  it('is one page', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(130);
    expect(readme.split(/\s+/).filter((word) => word !== '').length).toBeLessThanOrEqual(900);
  });

  it('has a line for each command', () => {
    for (const { name } of COMMANDS) expect(readme).toContain(`| \`apollo ${name}\` |`);
  });
});

describe('docs/cli.md', () => {
  it('is what `npm run docs` writes', () => {
    expect(readFileSync('docs/cli.md', 'utf8')).toBe(cliMarkdown(COMMANDS, COMMON_OPTIONS));
  });

  it('has examples of each command', () => {
    const text = readFileSync('docs/cli.md', 'utf8');
    for (const { name } of COMMANDS) expect(text).toMatch(new RegExp(`^apollo ${name}\\b(?!.*\\[options\\])`, 'm'));
  });
});

describe('docs/architecture.md', () => {
  it('shows both journeys, each step with a link', () => {
    const [, ...journeys] = readFileSync('docs/architecture.md', 'utf8').split('## The journey of ');
    expect(journeys).toHaveLength(2);
    for (const journey of journeys) {
      const steps = journey.split('\n').filter((line) => /^\d+[.]/.test(line));
      expect(steps.length).toBeGreaterThan(5);
      for (const step of steps) expect(step).toMatch(/\]\([.][.][/]src[/].*[)]/);
    }
  });
});

describe('pages', () => {
  const pages = ['.', 'docs', 'bench', 'models', 'examples', '.github'].flatMap((folder) =>
    readdirSync(folder, { recursive: folder !== '.' })
      .map((path) => join(folder, String(path)))
      .filter((path) => path.endsWith('.md')),
  );
  const sourceFiles = ['src', 'test', 'bench', 'scripts', 'examples', 'bin'].flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map((path) => `/${folder}/${String(path)}`),
  );

  it.each(pages)('%s links to files and headings that exist', (page) => {
    expect(findBrokenLinks(page, readFileSync(page, 'utf8'))).toEqual([]);
  });

  it.each(pages)('%s names source files that exist', (page) => {
    const text = readFileSync(page, 'utf8').replace(/```[\s\S]*?```/g, '');
    const named = [...text.matchAll(/`([\w./-]+\.(?:ts|js|mjs))`/g)].map(([, path]) => path!);
    const known = (path: string): boolean =>
      GENERATED_FILES.includes(path) || sourceFiles.some((file) => file.endsWith(`/${path}`));
    expect(named.filter((path) => !known(path))).toEqual([]);
  });

  it('have many links, and a broken one is found', () => {
    const all = pages.map((page) => readFileSync(page, 'utf8')).join('\n');
    expect(all.match(/\]\((?!https?:)/g)!.length).toBeGreaterThan(80);
    const links = '[a](docs/cli.md#compose) [b](docs/cli.md#nothing) [c](nowhere.md) [d](#nowhere) [e](docs)';
    expect(findBrokenLinks('README.md', links)).toEqual(['docs/cli.md#nothing', 'nowhere.md', '#nowhere']);
  });
});

/** Files that pages name and that are not in the repository. */
const GENERATED_FILES = ['program.cjs'];

/** The links of a page to paths or headings that do not exist. Addresses on the web are not looked at. */
function findBrokenLinks(page: string, text: string): readonly string[] {
  const links = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(
    ([, link]) => link!,
  );
  return links.filter((link) => {
    const [path, anchor] = link.split('#') as [string, string | undefined];
    const target = path === '' ? page : join(dirname(page), path);
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(page: string): readonly string[] {
  const headings = readFileSync(page, 'utf8').match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
