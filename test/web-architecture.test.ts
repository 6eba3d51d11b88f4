import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from '@jest/globals';

/** Globals that Node has and browsers have not. */
const NODE_GLOBALS = new Set(['Buffer', 'process', 'setImmediate', 'clearImmediate', 'require', '__dirname', 'global']);
const NODE_MODULES = new Set(builtinModules);

/** Planted violations: each must be found. */
const probes: Record<string, Record<string, string>> = {
  'a node: module': {
    'web.ts': `export * from './a.js';`,
    'a.ts': `import { join } from 'node:path'; export const j = join;`,
  },
  'a module of Node without its prefix': { 'web.ts': `import { join } from 'path'; export const j = join;` },
  'a module that is loaded late': { 'web.ts': `export const load = () => import('node:fs');` },
  'a Node adapter': {
    'web.ts': `export { a } from './adapters/node-files/a.js';`,
    'adapters/node-files/a.ts': `export const a = 1;`,
  },
  'a Buffer': { 'web.ts': `export * from './a.js';`, 'a.ts': `export const a = Buffer.from('x');` },
  'the process': { 'web.ts': `export const a = () => process.argv;` },
};

/** What a rule that is drawn too widely would find. */
const allowed: Record<string, Record<string, string>> = {
  'a property or type that is called process': {
    'web.ts': `export const a = (synth: { process(): void }) => synth.process();`,
  },
  'a type of Node that vanishes': { 'web.ts': `import type { Stats } from 'node:fs'; export type A = Stats;` },
};

describe('what src/web.ts reaches', () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
  const planted = (files: Record<string, string>): string => {
    const root = mkdtempSync(join(tmpdir(), 'web-probe-'));
    folders.push(root);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return root;
  };

  it.each(Object.entries(probes))('is found to hold %s', (_what, files) => {
    expect(nodeUses(planted(files)).found).toHaveLength(1);
  });

  it.each(Object.entries(allowed))('may hold %s', (_what, files) => {
    expect(nodeUses(planted(files)).found).toEqual([]);
  });

  it('is no module of Node, no Node adapter and no global that browsers lack', () => {
    const { found, files } = nodeUses('src');
    expect(files).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });
});

/** Walks the imports of web.ts in a folder, late ones too, and lists what browsers do not have. */
function nodeUses(root: string): { readonly found: readonly string[]; readonly files: number } {
  const found: string[] = [];
  const seen = new Set<string>();
  const visitFile = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const name = relative(root, path);
    if (/^adapters\/node-/.test(name)) found.push(`${name} is an adapter for Node`);
    const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      const specifier = importedBy(node);
      if (specifier?.startsWith('.')) visitFile(join(dirname(path), specifier.replace(/[.]js$/, '.ts')));
      else if (specifier !== undefined && (specifier.startsWith('node:') || NODE_MODULES.has(specifier)))
        found.push(`${name} imports ${specifier}`);
      if (ts.isIdentifier(node) && NODE_GLOBALS.has(node.text) && isReference(node))
        found.push(`${name} uses ${node.text}`);
      ts.forEachChild(node, visit);
    };
    visit(source);
  };
  expect(existsSync(join(root, 'web.ts'))).toBe(true);
  visitFile(join(root, 'web.ts'));
  return { found, files: seen.size };
}

/** The module that a statement or an import() loads; undefined for types, which vanish. */
function importedBy(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node)) return node.importClause?.isTypeOnly ? undefined : textOf(node.moduleSpecifier);
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
    return node.isTypeOnly ? undefined : textOf(node.moduleSpecifier);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return textOf(node.arguments[0]!);
  return undefined;
}

const textOf = (node: ts.Node): string | undefined => (ts.isStringLiteralLike(node) ? node.text : undefined);

/** Whether an identifier names a value, not a property, a member or a type. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isMethodSignature(parent) || ts.isPropertySignature(parent) || ts.isMethodDeclaration(parent)) return false;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return !ts.isTypeReferenceNode(parent);
}
