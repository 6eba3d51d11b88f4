// The command line of `npm run bench`: the benchmarks, their time limits and their options.

/** Kinds of option values: a description and a test of the text. */
const KINDS = {
  flag: undefined,
  text: ['a value', (text) => text !== ''],
  count: ['a whole number from 1 to 100000', (text) => isCount(text)],
  counts: ['whole numbers from 1 to 100000 separated by commas', (text) => text.split(',').every(isCount)],
};
const isCount = (text) => /^[1-9]\d{0,5}$/.test(text) && Number(text) <= 100_000;

/** Options that may be given to all benchmarks; each takes those that it knows. */
const SHARED_OPTIONS = { torch: 'text', mido: 'text' };
/** Options of the runner. */
const RUNNER_OPTIONS = { out: 'text', json: 'flag' };

/**
 * The benchmarks in the order in which they run. The longest is last, because it may use the time that the others
 * leave. `seconds` is the time limit in a run of all benchmarks, together under ten minutes. `quick` are the options
 * that keep it to that. `options` are those of a run on its own, by kind.
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

/** The arguments are wrong. */
export class BenchUsageError extends Error {}

/**
 * Parses `[NAME] [--option value] [--flag]`.
 * @returns the benchmark, undefined for all; its options, the values as text and flags as true; the path for the table;
 *   whether to print JSON
 * @throws BenchUsageError
 */
export function parseArguments(args) {
  const [first] = args;
  const named = first !== undefined && !first.startsWith('--');
  const benchmark = BENCHMARKS.find(({ name }) => name === first);
  if (named && benchmark === undefined) {
    throw new BenchUsageError(
      `there is no benchmark "${first}"; there are ${BENCHMARKS.map(({ name }) => name).join(', ')}`,
    );
  }
  const known = { ...RUNNER_OPTIONS, ...SHARED_OPTIONS, ...benchmark?.options };
  const given = {};
  for (let i = named ? 1 : 0; i < args.length; i++) {
    const name = optionName(args[i]);
    if (!Object.hasOwn(known, name)) throw new BenchUsageError(describeUnknownOption(name, benchmark, known));
    if (Object.hasOwn(given, name)) throw new BenchUsageError(`--${name} is given twice`);
    given[name] = known[name] === 'flag' ? true : checkedValue(name, known[name], args[++i]);
  }
  const { out, json = false, ...options } = given;
  return { benchmark, options, out, json };
}

function optionName(arg) {
  if (!arg.startsWith('--') || arg === '--')
    throw new BenchUsageError(`"${arg}" is not an option; options start with --`);
  return arg.slice(2);
}

function checkedValue(name, kind, text) {
  const [description, isValid] = KINDS[kind];
  if (text === undefined || text.startsWith('--'))
    throw new BenchUsageError(`--${name} needs ${description}, got nothing`);
  if (!isValid(text)) throw new BenchUsageError(`--${name} needs ${description}, got "${text}"`);
  return text;
}

function describeUnknownOption(name, benchmark, known) {
  const owner = BENCHMARKS.find(({ options }) => Object.hasOwn(options, name));
  if (benchmark === undefined && owner !== undefined) {
    return `--${name} is an option of a single benchmark; name it, as in npm run bench -- ${owner.name} --${name}`;
  }
  const options = Object.keys(known).map((each) => `--${each}`);
  const whose = benchmark === undefined ? 'a run of all benchmarks' : `the benchmark ${benchmark.name}`;
  return `there is no option --${name}; ${whose} has ${options.join(', ')}`;
}

/** Options as command-line arguments, for a child process. */
export const toArguments = (options) =>
  Object.entries(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]));
