import { UsageError } from '../../domain/errors.js';
import { escapeForTerminal, stringifyForTerminal } from '../../domain/text.js';
import type { ServiceProvider } from '../wiring/services.js';
import type { Command, CommandOutcome } from './command.js';
import { describeFailure, errorDetails, EXIT } from './failure.js';
import type { Output } from './output.js';

/** The parts of the process that the command line uses. */
interface CliEnvironment {
  /** Loads the commands; not called for --version. */
  loadCommands(): Promise<readonly Command[]>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Columns of the help. */
  readonly width: number;
  readonly version: string;
  /** Builds the services; not called for help or wrong usage. */
  createServiceProvider(settings: { readonly quiet: boolean }): Promise<ServiceProvider>;
  /** Whether SIGTERM has been received. */
  terminated(): boolean;
}

/** Runs one command line. Resolves to its exit code, never rejects, and does not touch the process. */
export async function runCommandLine(rawArgs: readonly string[], environment: CliEnvironment): Promise<number> {
  const args = rawArgs[0] === 'help' ? [...rawArgs.slice(1), '--help'] : rawArgs;
  const options = new Set(args.slice(0, args.includes('--') ? args.indexOf('--') : undefined));
  const json = options.has('--json');
  const quiet = options.has('--quiet');
  let command: Command | undefined;
  try {
    if (args.length === 1 && args[0] === '--version') {
      await environment.stdout.write(`${environment.version}\n`);
      return EXIT.done;
    }
    const [{ findCommand, parseCommandLine }, commands] = await Promise.all([
      import('./parse-command-line.js'),
      environment.loadCommands(),
    ]);
    command = findCommand(args, commands);
    const parsed = await parseCommandLine(args, command, commands, environment.width);
    if (parsed.kind === 'help') {
      await environment.stdout.write(parsed.text);
    } else if (parsed.kind === 'version') {
      await environment.stdout.write(`${environment.version}\n`);
    } else {
      if (quiet && options.has('--verbose')) throw new UsageError('--quiet and --verbose contradict each other');
      const outcome = await parsed.run(await environment.createServiceProvider({ quiet }));
      await writeOutcome(outcome, json, quiet, environment);
    }
    return EXIT.done;
  } catch (error) {
    const failure = describeFailure(error, command?.name, environment.terminated());
    const details = options.has('--verbose') && failure.exitCode !== EXIT.usage ? errorDetails(error) : [];
    await environment.stderr.write([failure.line, ...details, ''].join('\n')).catch(() => undefined);
    if (json) {
      const object = { error: { code: failure.code, message: failure.message } };
      await environment.stdout.write(`${stringifyForTerminal(object)}\n`).catch(() => undefined);
    }
    return failure.exitCode;
  }
}

async function writeOutcome(
  outcome: CommandOutcome,
  json: boolean,
  quiet: boolean,
  environment: CliEnvironment,
): Promise<void> {
  const text = [...(outcome.drawing ?? []), ...outcome.lines.map(escapeForTerminal)]
    .map((line) => `${line}\n`)
    .join('');
  if (!json) await environment.stdout.write(text);
  else if (!quiet) await environment.stderr.write(text);
  if (json) await environment.stdout.write(`${stringifyForTerminal(outcome.json)}\n`);
}
