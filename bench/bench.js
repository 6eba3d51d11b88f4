// npm run bench              runs every benchmark and prints one table
// npm run bench -- NAME ...  runs one of them, with its own options; --json prints the figures as JSON instead
import { cpus } from 'node:os';
import { readdirSync } from 'node:fs';

/** Files of this folder that are no benchmarks of their own. */
const PARTS = new Set(['bench.js', 'step-profile.js']);

const [name, ...words] = process.argv.slice(2);
const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.js') && !PARTS.has(file))
  .map((file) => file.replace(/\.js$/, ''));

if (name !== undefined && !names.includes(name)) {
  process.stderr.write(`bench: there is no benchmark "${name}"; there are ${names.join(', ')}\n`);
  process.exitCode = 2;
} else {
  const options = readOptions(words);
  const figures = [];
  for (const each of name === undefined ? names : [name]) {
    const { bench } = await import(`./${each}.js`);
    const result = await bench(options);
    for (const line of result.lines) process.stderr.write(`${line}\n`);
    figures.push(...result.figures);
  }
  process.stdout.write(options.json ? `${JSON.stringify(figures)}\n` : table(figures));
}

/** `--depth 32 --profile` as {depth: '32', profile: true} */
function readOptions(given) {
  const options = {};
  given.forEach((word, i) => {
    if (!word.startsWith('--')) return;
    const next = given[i + 1];
    options[word.slice(2)] = next === undefined || next.startsWith('--') ? true : next;
  });
  return options;
}

function table(rows) {
  const machine = `${cpus()[0].model.trim()}, ${cpus().length} cores, Node.js ${process.versions.node}`;
  const lines = rows.map(({ name: what, value, unit, goal }) => `| ${what} | ${value} ${unit} | ${goal} |`);
  return ['', machine, '', '| figure | value | goal |', '|---|---|---|', ...lines, ''].join('\n');
}
