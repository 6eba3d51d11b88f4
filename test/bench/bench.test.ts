import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scratchFolders } from '../support/files/scratch.js';

interface Row {
  readonly name: string;
  readonly value?: number;
  readonly unit?: string;
  readonly goal?: string;
  readonly ratio?: number;
  readonly failed?: string;
}
interface Benchmark {
  readonly name: string;
  readonly seconds: number;
  readonly quick: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
}
type Options = Readonly<Record<string, string | true>>;
interface Read {
  readonly benchmark: Benchmark | undefined;
  readonly options: Options;
  readonly out: string | undefined;
  readonly json: boolean;
}

const load = async (file: string): Promise<unknown> => import(new URL(`../../bench/${file}`, import.meta.url).href);
const { BENCHMARKS, parseArguments, toArguments } = (await load('options.js')) as {
  readonly BENCHMARKS: readonly Benchmark[];
  readonly parseArguments: (words: readonly string[]) => Read;
  readonly toArguments: (options: Options) => readonly string[];
};
const { runAll } = (await load('run-all.js')) as {
  readonly runAll: (
    benchmarks: readonly Omit<Benchmark, 'options'>[],
    options: Options,
    program: string,
  ) => Promise<readonly Row[]>;
};
const { tableOf } = (await load('table.js')) as {
  readonly tableOf: (rows: readonly Row[], machine: string) => string;
};

describe('the benchmarks', () => {
  it('are all files of bench/ that hold one, and together stay under ten minutes', () => {
    const holding = readdirSync('bench').filter(
      (file) => file.endsWith('.js') && readFileSync(`bench/${file}`, 'utf8').includes('export async function bench('),
    );
    expect(BENCHMARKS.map(({ name }) => `${name}.js`).sort()).toEqual(holding.sort());
    expect(BENCHMARKS.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThan(600);
  });

  it('know the options that keep them short', () => {
    for (const { name, quick } of BENCHMARKS)
      expect(parseArguments([name, ...toArguments(quick)]).options).toEqual(quick);
  });
});

describe('the words of npm run bench', () => {
  it('are read back as they were written, whatever the values', () => {
    const value = fc.string({ minLength: 1 }).filter((text) => !text.startsWith('--'));
    const options = fc.record({ torch: value, mido: value }, { requiredKeys: [] });
    const named = fc.constantFrom(undefined, ...BENCHMARKS.map(({ name }) => name));
    fc.assert(
      fc.property(named, options, fc.boolean(), (name, given, json) => {
        const words = [
          ...(name === undefined ? [] : [name]),
          ...toArguments(given as Options),
          ...(json ? ['--json'] : []),
        ];
        const read = parseArguments(words);
        expect([read.benchmark?.name, read.options, read.json]).toEqual([name, given, json]);
      }),
    );
  });

  it('keep a command with spaces whole', () => {
    expect(parseArguments(['--torch', 'python3 some/step.py', '--out', 'table.md'])).toMatchObject({
      options: { torch: 'python3 some/step.py' },
      out: 'table.md',
    });
  });

  it.each([
    [['stepp'], /no benchmark "stepp"; there are .*\bstep\b/],
    [['--dept', '3'], /no option --dept; a run of all benchmarks has --out, --json, --torch, --mido/],
    [['sound', '--depth', '3'], /no option --depth; the benchmark sound has/],
    [['--depth', '32'], /--depth is an option of a single benchmark; name it, as in npm run bench -- \w+ --depth/],
    [['step', '--depth', '32,x'], /--depth needs whole numbers .* got "32,x"/],
    [['step', '--turns', '0'], /--turns needs a whole number from 1 .* got "0"/],
    [['--torch'], /--torch needs a value, got nothing/],
    [['--torch', '--json'], /--torch needs a value, got nothing/],
    [['step', '32'], /"32" is not an option/],
    [['--json', '--json'], /--json is given twice/],
    [['--__proto__', 'x'], /no option --__proto__/],
  ])('are refused where they make no sense: %j', (words, sentence) => {
    expect(() => parseArguments(words)).toThrow(sentence);
  });

  it('that are wrong end with one line and exit code 2', () => {
    for (const words of [
      ['--color', 'red'],
      ['--out', 'no/such/folder/table.md'],
      ['--out', 'bench'],
    ]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/bench.js', ...words], {
        encoding: 'utf8',
      });
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^bench: [^\n]+\n$/);
    }
  });
});

describe('all benchmarks', () => {
  const folder = scratchFolders();
  /** Stands in for bench.js: what it does is what it is called. */
  const PROGRAM = `
    const [name, json, ...words] = process.argv.slice(2);
    if (name === 'dies') process.exit(3);
    if (name === 'hangs') setInterval(() => undefined, 1000);
    else if (name === 'fails') console.log(JSON.stringify([{ name, failed: 'no such file' }]));
    else console.log(JSON.stringify([{ name, value: words.join(' '), unit: json, goal: '' }]));
  `;
  it('run one after the other with their options, and go on when one fails, dies or takes too long', async () => {
    const program = join(folder(), 'program.cjs');
    writeFileSync(program, PROGRAM);
    const quick = { turns: '1' };
    const names = ['first', 'fails', 'dies', 'last'].map((name) => ({ name, seconds: 30, quick }));
    expect(await runAll(names, { torch: 'a b', turns: '2' }, program)).toEqual([
      { name: 'first', value: '--turns 2 --torch a b', unit: '--json', goal: '' },
      { name: 'fails', failed: 'no such file' },
      { name: 'dies', failed: 'it exited with code 3' },
      { name: 'last', value: '--turns 2 --torch a b', unit: '--json', goal: '' },
    ]);
    const slow = [
      { name: 'hangs', seconds: 2, quick },
      { name: 'next', seconds: 30, quick },
    ];
    expect(await runAll(slow, {}, program)).toEqual([
      { name: 'hangs', failed: 'it took longer than 2 s' },
      { name: 'next', value: '--turns 1', unit: '--json', goal: '' },
    ]);
  });
});

describe('the table', () => {
  const rows: readonly Row[] = [
    { name: 'step, depth 32', value: 393.1, unit: 'ms', ratio: 0.95, goal: '<= 0.9' },
    { name: 'share', value: 0.4, unit: '%', goal: '< 1' },
    { name: 'sound', failed: 'no such file:\n  a|b' },
  ];

  it('has a row a figure, with ratio, goal and machine, and says what failed', () => {
    expect(tableOf(rows, 'a machine, 2 cores')).toBe(
      [
        '| figure | value | ratio | goal | machine |',
        '|---|---|---|---|---|',
        '| step, depth 32 | 393.1 ms | 0.95 | <= 0.9 | a machine, 2 cores |',
        '| share | 0.4 % | | < 1 | a machine, 2 cores |',
        '| sound | failed: no such file: a\\|b | | | a machine, 2 cores |',
        '',
      ].join('\n'),
    );
  });

  it('has five cells a row, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, failed) => {
        const [row] = tableOf([{ name, failed }], 'm').split('\n').slice(2);
        expect(row!.replaceAll('\\|', '').split('|')).toHaveLength(7);
      }),
    );
  });
});
