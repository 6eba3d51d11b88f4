// Writes docs/cli.md from the definitions of the command line (npm run docs). test/docs.test.ts checks it.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** @param commands those of src/app/cli/commands.ts; @param common the options of every command */
export function cliMarkdown(commands, common) {
  const head = [
    '# Commands',
    '',
    'Generated from the definitions of the command line by `npm run docs`; do not edit.',
    '',
    'In a checkout type `npx apollo compose`, after `npm link` `apollo compose`. When an option is given twice, the',
    'last value counts. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted (143 by SIGTERM).',
    '[errors.md](errors.md) lists all errors.',
    '',
    ...commands.map(({ name, summary }) => `- [${name}](#${name}): ${summary}`),
    '- [options of every command](#options-of-every-command)',
    '',
  ];
  const sections = commands.flatMap((command) => [...section(command), '']);
  return [...head, ...sections, '## Options of every command', '', ...optionTable(common), ''].join('\n');
}

function section({ name, summary, positionals, options, examples }) {
  const usage = positionals === undefined ? '' : ` ${positionals.usage}`;
  return [
    `## ${name}`,
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    '',
    '```sh',
    `apollo ${name}${usage} [options]`,
    '```',
    '',
    ...(positionals === undefined ? [] : [`\`${positionals.usage}\`: ${escape(positionals.describe)}`, '']),
    ...(Object.keys(options).length === 0 ? [] : [...optionTable(options), '']),
    '```sh',
    ...examples.flatMap(([typed, meaning]) => [`# ${meaning}`, typed]),
    '```',
  ];
}

function optionTable(options) {
  const rows = Object.entries(options).map(([name, { valueName, describe, fallbackText }]) => {
    const value = valueName === undefined ? '' : ` <${valueName}>`;
    return `| \`--${name}${escape(value)}\` | ${escape(describe)} | ${escape(fallbackText ?? '')} |`;
  });
  return ['| option | what | default |', '|---|---|---|', ...rows];
}

const escape = (text) => text.replaceAll('|', '\\|');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { COMMANDS } = await import('../dist/app/cli/commands.js');
  const { COMMON_OPTIONS } = await import('../dist/app/cli/command.js');
  writeFileSync(new URL('../docs/cli.md', import.meta.url), cliMarkdown(COMMANDS, COMMON_OPTIONS));
}
