import { escapeForTerminal } from '../../../src/domain/text.js';
import type { Console, ProgressUpdate } from '../../../src/ports/console.js';

/** Keeps what was said. */
export interface RecordingConsole extends Console {
  /** Lines as the user would see them, in order. */
  readonly lines: readonly string[];
  readonly updates: readonly ProgressUpdate[];
}

export function recordingConsole({ quiet = false } = {}): RecordingConsole {
  const lines: string[] = [];
  const updates: ProgressUpdate[] = [];
  return {
    lines,
    updates,
    say: (line) => void (quiet || lines.push(escapeForTerminal(line))),
    warn: (line) => void lines.push(`warning: ${escapeForTerminal(line)}`),
    progress: (update) => {
      if (quiet) return;
      updates.push(update);
      if (update.done >= update.total)
        lines.push(escapeForTerminal(`${update.done}/${update.total} ${update.unit} ${update.detail ?? ''}`));
    },
  };
}
