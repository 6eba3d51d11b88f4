import { FileAccessError } from '../domain/errors.js';
import { runCommandLine } from './cli/cli.js';
import { describeFailure, EXIT } from './cli/failure.js';
import { createSharedTerminal, streamOutput } from './cli/output.js';
import type { ContainerOptions } from './wiring/container-options.js';
import type { ServiceProvider } from './wiring/services.js';

/**
 * Runs the command line and returns the exit code. Loads only what the command needs.
 * @param root folder of the installed package
 */
export async function main(
  args: readonly string[],
  { version, root }: { readonly version: string; readonly root: string },
): Promise<number> {
  const { terminal, messages: stderr } = createSharedTerminal(process.stderr);
  const stdout = streamOutput(process.stdout);
  const color = Boolean(process.stderr.isTTY) && process.stderr.hasColors() && !process.env['NO_COLOR'];
  let terminated = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    terminated = signal === 'SIGTERM';
  };
  // Errors that no use case awaits, such as an error event without a listener.
  process.on('uncaughtException', (error) => {
    const { line } = describeFailure(error, undefined, false);
    void stderr.write(`${line}\n`).then(() => process.exit(EXIT.failed));
  });
  return runCommandLine(args, {
    loadCommands: async () => (await import('./cli/commands.js')).COMMANDS,
    stdout,
    stderr,
    width: Math.max(60, Math.min(110, process.stdout.columns ?? 100)),
    version,
    createServiceProvider: ({ quiet }) => openServices({ root, quiet, terminal, color, onSignal }),
    terminated: () => terminated,
  });
}

async function openServices(options: ContainerOptions): Promise<ServiceProvider> {
  checkWorkingDirectory();
  const { createServiceProvider } = await import('./wiring/build-container.js');
  return createServiceProvider(options);
}

function checkWorkingDirectory(): void {
  try {
    process.cwd();
  } catch (cause) {
    throw new FileAccessError('the folder you are in is not there any more; go to another one', { cause });
  }
}
