import type { Services } from './cli/command.js';
import type { Settings } from './container.js';
import { streamOutput } from './cli/output.js';

/**
 * Runs the command line and returns the exit code. Loads only what the command needs.
 * @param version of the program
 */
export async function main(args: readonly string[], version: string): Promise<number> {
  const [result, messages] = [streamOutput(process.stdout), streamOutput(process.stderr)];
  if (args.length === 1 && args[0] === '--version') {
    await result.write(`${version}\n`);
    return 0;
  }
  let terminated = false;
  const noteSignal = (signal: NodeJS.Signals): void => {
    terminated = signal === 'SIGTERM';
  };
  const [{ runCommandLine }, { COMMANDS }] = await Promise.all([import('./cli/cli.js'), import('./cli/commands.js')]);
  return runCommandLine(args, {
    commands: COMMANDS,
    result,
    messages,
    width: Math.max(60, Math.min(110, process.stdout.columns ?? 100)),
    version,
    services: ({ quiet }) => services({ quiet, noteSignal }),
    terminated: () => terminated,
  });
}

async function services(settings: Settings): Promise<Services> {
  const { buildContainer } = await import('./container.js');
  const container = buildContainer(settings);
  return (token) => container.getAsync(token);
}
