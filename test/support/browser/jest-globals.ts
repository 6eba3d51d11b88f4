import * as chai from 'chai';
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';

// Stands in for @jest/globals where contracts run in a browser: jest itself needs Node. Its matchers are vitest's.

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

const globals = globalThis as unknown as Record<symbol, unknown>;
export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  globals[ASYMMETRIC_MATCHERS_OBJECT],
);
globals[GLOBAL_EXPECT] = expect;
setState({ assertionCalls: 0 }, expect as never);

type Work = () => unknown;

interface Block {
  readonly name: string;
  readonly parent: Block | undefined;
  readonly beforeAll: Work[];
  readonly beforeEach: Work[];
  readonly afterAll: Work[];
  readonly tests: { readonly name: string; readonly run: Work }[];
}

const createBlock = (name: string, parent: Block | undefined): Block => ({
  ...{ name, parent, beforeAll: [], beforeEach: [], afterAll: [], tests: [] },
});

const blocks: Block[] = [createBlock('', undefined)];
let current = blocks[0]!;

const defineBlock = (name: string, define: Work): void => {
  const outer = current;
  current = createBlock(name, outer);
  blocks.push(current);
  define();
  current = outer;
};
const defineTest = (name: string, run: Work): void => void current.tests.push({ name, run });

/** Adds `.each(table)(name, work)`: rows of arrays are spread, and fill the %s of the name in their order. */
const withEach = (define: (name: string, work: Work) => void) =>
  Object.assign(define, {
    each: (table: Iterable<unknown>) => (name: string, work: (...row: unknown[]) => unknown) => {
      for (const row of table) {
        const values = Array.isArray(row) ? (row as unknown[]) : [row];
        let at = 0;
        define(
          name.replace(/%[sjdi]/g, () => String(values[at++])),
          () => work(...values),
        );
      }
    },
  });

export const describe = withEach(defineBlock);
export const it = withEach(defineTest);
export const test = it;
export const beforeAll = (work: Work): void => void current.beforeAll.push(work);
export const beforeEach = (work: Work): void => void current.beforeEach.push(work);
export const afterAll = (work: Work): void => void current.afterAll.push(work);

export interface TestResult {
  readonly name: string;
  /** Absent when the test passed. */
  readonly error?: string;
}

/** Runs all tests that were defined, one after the other. */
export async function runTests(): Promise<readonly TestResult[]> {
  const results: TestResult[] = [];
  for (const block of blocks) {
    if (block.tests.length === 0) continue;
    for (const work of block.beforeAll) await work();
    for (const { name, run } of block.tests) results.push(await runTest(block, name, run));
    for (const work of block.afterAll) await work();
  }
  return results;
}

async function runTest(block: Block, name: string, run: Work): Promise<TestResult> {
  const outer: Block[] = [];
  for (let each: Block | undefined = block; each !== undefined; each = each.parent) outer.unshift(each);
  const fullName = [...outer.map((each) => each.name), name].filter((part) => part !== '').join(' › ');
  try {
    for (const each of outer) for (const work of each.beforeEach) await work();
    await run();
    return { name: fullName };
  } catch (error) {
    return { name: fullName, error: error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error) };
  }
}
