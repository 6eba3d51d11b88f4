import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

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
    const classes = sources.flatMap((text) => [...text.matchAll(/class \w+ extends DomainError \{([^}]*?)\bcode\b/g)]);
    const all = sources.flatMap((text) => [...text.matchAll(/extends DomainError/g)]);
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

  it('names files that are there', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, path]) => path!);
    expect(links.length).toBeGreaterThan(5);
    for (const path of links) expect({ path, there: exists(path) }).toEqual({ path, there: true });
  });

  it('has an example of each command', () => {
    const commands = readdirSync('src/app/cli/commands').map((name) => name.replace('.ts', ''));
    for (const command of commands) expect(readme).toMatch(new RegExp(`^(npx )?apollo ${command}\\b`, 'm'));
  });
});

function exists(path: string): boolean {
  try {
    return readdirSync(join(path, '..')).includes(path.replace(/\/$/, '').split('/').at(-1)!);
  } catch {
    return false;
  }
}
