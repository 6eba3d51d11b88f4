import { UsageError } from '../../domain/errors.js';
import { escapeForTerminal, stringifyForTerminal } from '../../domain/text.js';
import type { ServiceProvider } from '../wiring/tokens.js';
import type { Command, Outcome } from './command.js';
import { describeFailure, errorDetails, EXIT } from './failure.js';
import type { Output } from './output.js';

/** What the command line needs of the process it runs in. */
export interface Surroundings {
  /** Loads the commands: not needed to tell the version. */
  commands(): Promise<readonly Command[]>;
  readonly result: Output;
  readonly messages: Output;
  /** Columns for the help. */
  readonly width: number;
  readonly version: string;
  /** Builds the program; not called for help or wrong usage. */
  services(settings: { readonly quiet: boolean }): Promise<ServiceProvider>;
  /** Whether SIGTERM has been received. */
  terminated(): boolean;
}

/** Runs one command line and returns its exit code. Nothing is thrown and the process is left alone. */
export async function runCommandLine(args: readonly string[], around: Surroundings): Promise<number> {
  const words = args[0] === 'help' ? [...args.slice(1), '--help'] : args;
  const options = new Set(words.slice(0, words.includes('--') ? words.indexOf('--') : undefined));
  const json = options.has('--json');
  const quiet = options.has('--quiet');
  let command: Command | undefined;
  try {
    if (words.length === 1 && words[0] === '--version') {
      await around.result.write(`${around.version}\n`);
      return EXIT.done;
    }
    const [{ findCommand, parse }, commands] = await Promise.all([import('./parse.js'), around.commands()]);
    command = findCommand(words, commands);
    const parsed = await parse(words, command, commands, around.width);
    if (parsed.kind === 'help') {
      await around.result.write(parsed.text);
    } else if (parsed.kind === 'version') {
      await around.result.write(`${around.version}\n`);
    } else {
      if (quiet && options.has('--verbose')) throw new UsageError('--quiet and --verbose contradict each other');
      const outcome = await parsed.job(await around.services({ quiet }));
      await present(outcome, json, quiet, around);
    }
    return EXIT.done;
  } catch (error) {
    const failure = describeFailure(error, command?.name, around.terminated());
    const details = options.has('--verbose') && failure.exitCode !== EXIT.usage ? errorDetails(error) : [];
    await around.messages.write([failure.line, ...details, ''].join('\n')).catch(() => undefined);
    if (json) {
      const object = { error: { code: failure.code, message: failure.message } };
      await around.result.write(`${stringifyForTerminal(object)}\n`).catch(() => undefined);
    }
    return failure.exitCode;
  }
}

async function present(outcome: Outcome, json: boolean, quiet: boolean, around: Surroundings): Promise<void> {
  const text = [...(outcome.drawing ?? []), ...outcome.lines.map(escapeForTerminal)]
    .map((line) => `${line}\n`)
    .join('');
  if (!json) await around.result.write(text);
  else if (!quiet) await around.messages.write(text);
  if (outcome.next !== undefined) return present(await outcome.next(), json, quiet, around);
  if (json) await around.result.write(`${stringifyForTerminal(outcome.json)}\n`);
}
