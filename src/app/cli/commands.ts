import type { Command } from './command.js';
import { composeCommand } from './commands/compose.js';
import { doctorCommand } from './commands/doctor.js';
import { evaluateCommand } from './commands/evaluate.js';
import { exportCommand } from './commands/export.js';
import { inspectCommand } from './commands/inspect.js';
import { modelsCommand } from './commands/models.js';
import { prepareCommand } from './commands/prepare.js';
import { renderCommand } from './commands/render.js';
import { reportCommand } from './commands/report.js';
import { trainCommand } from './commands/train.js';

/** Every command, in the order of the help: first what one tries first, then the order in which one uses them. */
export const COMMANDS: readonly Command[] = [
  composeCommand,
  renderCommand,
  prepareCommand,
  inspectCommand,
  trainCommand,
  exportCommand,
  evaluateCommand,
  reportCommand,
  modelsCommand,
  doctorCommand,
];
