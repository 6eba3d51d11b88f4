// The words of `npm run bench`: which benchmarks there are, how long each may take, and what it can be told.

/** What an option's value must be, as a sentence and as a test of what was typed. */
const KINDS = {
  flag: undefined,
  text: ['a value', (text) => text !== ''],
  count: ['a whole number from 1 to 100000', (text) => isCount(text)],
  counts: ['whole numbers from 1 to 100000 with commas between', (text) => text.split(',').every(isCount)],
};
const isCount = (text) => /^[1-9]\d{0,5}$/.test(text) && Number(text) <= 100_000;

/** Options for whichever benchmark wants them, so that they may be given with all. */
const SHARED_OPTIONS = { torch: 'text', mido: 'text' };
/** Options of the run itself. */
const RUNNER_OPTIONS = { out: 'text', json: 'flag' };

/**
 * In the order in which they run: the longest comes last, because it may take what the others leave. `seconds`: how long it may take among all, which together stay under ten minutes; `quick`:
 * options that keep it to that; `options`: what it can be told when it runs alone, by kind.
 */
export const BENCHMARKS = [
  { name: 'compose', seconds: 115, quick: { turns: '3' }, options: { model: 'text', turns: 'count' } },
  { name: 'precision', seconds: 20, quick: { turns: '4' }, options: { model: 'text', turns: 'count' } },
  { name: 'prepare', seconds: 60, quick: { turns: '2' }, options: { corpus: 'text', turns: 'count' } },
  {
    name: 'training',
    seconds: 90,
    quick: { seconds: '70' },
    options: { model: 'text', depth: 'count', corpus: 'text', seconds: 'count' },
  },
  {
    name: 'engines',
    seconds: 60,
    quick: { depth: '4', turns: '1', steps: '2', patience: '10' },
    options: { depth: 'counts', turns: 'count', steps: 'count', patience: 'count', only: 'text' },
  },
  { name: 'sound', seconds: 10, quick: {}, options: {} },
  {
    name: 'step',
    seconds: 240,
    quick: { turns: '2', steps: '10,6,2' },
    options: { depth: 'counts', turns: 'count', steps: 'counts', profile: 'flag' },
  },
];

/** What was typed makes no sense. */
export class BenchUsageError extends Error {}

/**
 * Reads `[NAME] [--option value] [--flag]`.
 * @param words as typed
 * @returns the benchmark, undefined for all; its options as typed, flags as true; where the table goes; whether JSON is asked for
 * @throws BenchUsageError with one sentence
 */
export function parseArguments(words) {
  const [first] = words;
  const named = first !== undefined && !first.startsWith('--');
  const benchmark = BENCHMARKS.find(({ name }) => name === first);
  if (named && benchmark === undefined) {
    throw new BenchUsageError(
      `there is no benchmark "${first}"; there are ${BENCHMARKS.map(({ name }) => name).join(', ')}`,
    );
  }
  const known = { ...RUNNER_OPTIONS, ...SHARED_OPTIONS, ...benchmark?.options };
  const given = {};
  for (let i = named ? 1 : 0; i < words.length; i++) {
    const name = optionName(words[i]);
    if (!Object.hasOwn(known, name)) throw new BenchUsageError(unknown(name, benchmark, known));
    if (Object.hasOwn(given, name)) throw new BenchUsageError(`--${name} is given twice`);
    given[name] = known[name] === 'flag' ? true : valueOf(name, known[name], words[++i]);
  }
  const { out, json = false, ...options } = given;
  return { benchmark, options, out, json };
}

function optionName(word) {
  if (!word.startsWith('--') || word === '--')
    throw new BenchUsageError(`"${word}" is no option; options begin with --`);
  return word.slice(2);
}

function valueOf(name, kind, text) {
  const [sentence, fits] = KINDS[kind];
  if (text === undefined || text.startsWith('--'))
    throw new BenchUsageError(`--${name} needs ${sentence}, got nothing`);
  if (!fits(text)) throw new BenchUsageError(`--${name} needs ${sentence}, got "${text}"`);
  return text;
}

function unknown(name, benchmark, known) {
  const owner = BENCHMARKS.find(({ options }) => Object.hasOwn(options, name));
  if (benchmark === undefined && owner !== undefined) {
    return `--${name} is for one benchmark alone: name it, as in npm run bench -- ${owner.name} --${name}`;
  }
  const options = Object.keys(known).map((each) => `--${each}`);
  const whose = benchmark === undefined ? 'the benchmarks together have' : `the benchmark ${benchmark.name} has`;
  return `there is no option --${name}; ${whose} ${options.join(', ')}`;
}

/** Options as words again, for a process of its own. */
export const toArguments = (options) =>
  Object.entries(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]));
