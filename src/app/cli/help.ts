import yargs from 'yargs';
import type { Argv } from 'yargs';
import { COMMON_OPTIONS } from './command.js';
import type { Command } from './command.js';
import type { Option } from './option.js';
import { YARGS_PARSER_CONFIGURATION } from './normalize-argv.js';

/** The help of a command, or of the program when there is none. @param width columns */
export function helpText(command: Command | undefined, commands: readonly Command[], width: number): string {
  let help = '';
  const args = command === undefined ? [] : [command.name];
  void buildHelpParser(commands, width).parse([...args, '--help=true'], {}, (error, _argv, output) => {
    if (error) throw error;
    help = output;
  });
  // yargs marks flags with [boolean], which says nothing: their lines show no value.
  return `${help.replace(/\n? +\[boolean\]$/gm, '')}\n`;
}

function buildHelpParser(commands: readonly Command[], width: number): Argv {
  // A fixed folder: the working folder may be gone, and a package.json there could configure yargs.
  const parser = yargs([], '/')
    .scriptName('apollo')
    .usage(
      'apollo <command>\n\nComposes whole pieces of music: MIDI files -> dataset -> training -> model -> new tunes.',
    )
    .locale('en') // whatever the user's language is, one wording
    .parserConfiguration(YARGS_PARSER_CONFIGURATION)
    .version(false)
    .help('help', COMMON_OPTIONS.help.describe)
    .alias('help', 'h')
    .option('version', { type: 'boolean', describe: COMMON_OPTIONS.version.describe })
    .epilogue(
      examplesText([
        ['apollo compose', 'four new tunes with the model that comes with Apollo'],
        ['apollo train --help', 'all about one command'],
      ]),
    )
    .wrap(width)
    .fail(false)
    .exitProcess(false);
  for (const command of commands) {
    parser.command(command.name, command.summary, (inner) => describeCommand(inner, command));
  }
  return parser;
}

function describeCommand(parser: Argv, command: Command): Argv {
  const words = command.positionals;
  const usage = `apollo ${command.name}${words === undefined ? '' : ` ${words.usage}`} [options]`;
  const about = words === undefined ? '' : `\n\n${words.usage}  ${words.describe}`;
  parser.usage(`${usage}\n\n${capitalized(command.summary)}.${about}`).strictOptions();
  for (const [name, option] of Object.entries({ ...command.options, ...COMMON_OPTIONS })) {
    if (name !== 'help') parser.option(name, yargsOption(option));
  }
  return parser.epilogue(examplesText(command.examples));
}

/** Lines to copy: yargs would break them in the middle. */
const examplesText = (examples: Command['examples']): string =>
  ['Examples:', ...examples.map(([typed, meaning]) => `  ${typed}\n      ${meaning}`)].join('\n');

/** Options that take something have no type, which leaves their text as it is. */
const yargsOption = ({ describe: about, valueName, fallbackText }: Option<unknown>) =>
  valueName === undefined
    ? { type: 'boolean' as const, describe: about }
    : {
        nargs: 1,
        describe: `<${valueName}> ${about}`,
        ...(fallbackText === undefined ? {} : { defaultDescription: fallbackText }),
      };

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
