import { runCommandLine } from '../../src/app/cli/cli.js';
import type { Command } from '../../src/app/cli/command.js';
import { COMMANDS } from '../../src/app/cli/commands.js';
import type { ProcessResult } from './run-apollo.js';

/** Runs a command line without a process and without a program: `built` counts how often it asked for one. */
export async function runInProcess(
  args: readonly string[],
  {
    commands = COMMANDS,
    terminated = false,
  }: { readonly commands?: readonly Command[]; readonly terminated?: boolean } = {},
): Promise<ProcessResult & { readonly built: number }> {
  let [stdout, stderr, built] = ['', '', 0];
  const code = await runCommandLine(args, {
    loadCommands: async () => commands,
    stdout: { write: async (text) => void (stdout += text) },
    stderr: { write: async (text) => void (stderr += text) },
    width: 90,
    version: '1.2.3',
    createServiceProvider: async () => {
      built++;
      return () => Promise.reject(new Error('there is no program here'));
    },
    terminated: () => terminated,
  });
  return { code, stdout, stderr, built };
}
