import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EvaluateResult } from '../../src/app/evaluate/evaluation-result.js';
import { runApollo, lastJson } from '../support/run-apollo.js';

const CORPUS = '../shared/data/nottingham';

/** Every fifth tune of the corpus, dealt into two folders; the built program judges one by the other. */
describe('evaluating folk tunes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'apollo-evaluate-'));
  const run = async (...args: readonly string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await runApollo([...args, '--json', '--quiet'], { cwd: folder });
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('apollo:')]);
    return lastJson(stdout);
  };
  const evaluate = async (path: string): Promise<EvaluateResult> =>
    (await run('evaluate', path, '--against', 'data')) as EvaluateResult;

  beforeAll(async () => {
    for (const name of ['even', 'odd']) mkdirSync(join(folder, name));
    const names = readdirSync(CORPUS)
      .filter((name) => name.endsWith('.mid'))
      .sort();
    for (let i = 0; i < names.length; i += 5) {
      copyFileSync(join(CORPUS, names[i]!), join(folder, i % 2 === 0 ? 'even' : 'odd', names[i]!));
    }
    await run('prepare', 'odd', '--out', 'data');
    await run('prepare', '--demo', '60', '--out', 'demo');
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('cannot tell one half from the other', async () => {
    const { distances, guards, tunes } = await evaluate('even');
    expect(tunes.evaluated).toBe(84);
    expect(Math.abs(distances.evaluated.nearestNeighbourAccuracy - 0.5)).toBeLessThan(0.15);
    expect(Math.abs(distances.realTunes.nearestNeighbourAccuracy - 0.5)).toBeLessThan(0.2);
    expect(distances.evaluated.overlap).toBeGreaterThan(0.75);
    expect(distances.evaluated.frechet).toBeLessThan(20);
    expect(guards.evaluated.blank).toBe(0);
    expect(guards.evaluated.copies).toBeLessThan(0.25);
  }, 120_000);

  it('tells the demo composer from people', async () => {
    const { distances } = await evaluate('demo');
    expect(distances.evaluated.nearestNeighbourAccuracy).toBeGreaterThan(0.85);
    expect(distances.evaluated.overlap).toBeLessThan(distances.realTunes.overlap - 0.1);
    expect(distances.evaluated.frechet).toBeGreaterThan(3 * distances.realTunes.frechet);
  }, 120_000);
});
