import type { Command } from '../src/app/cli/command.js';
import type { Options } from '../src/app/cli/option.js';

export function cliMarkdown(commands: readonly Command[], common: Options): string;
