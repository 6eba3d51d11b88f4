import type { Command } from './command.js';

/** Every command, in the order of the help: the order in which one uses them. */
export const COMMANDS: readonly Command[] = [];
