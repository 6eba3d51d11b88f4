import type { SourceReport } from '../../domain/dataset/manifest.js';
import { describeFormat } from '../../domain/roll/roll-format.js';
import { formatCount, escapeForTerminal } from '../../domain/text.js';
import { countDuplicates, countOutcomes, describeSource } from '../tunes/describe-source.js';
import type { PrepareResult } from './prepare.js';

/** For people: a line for each file and what became of it, then what there is now. Each fit for a terminal. */
export function describePreparation({ path, input, manifest }: PrepareResult): string[] {
  const { sources, rolls, chunks, format, digest } = manifest;
  // Composed tunes all turn out the same way: only files are worth a line each.
  const each = input.kind === 'midi' ? sources.map(describeSource) : [];
  return [
    ...each,
    summary(sources, input.kind === 'midi' ? 'file' : 'tune'),
    escapeForTerminal(
      `${path}: ${formatCount(rolls, 'roll')} in ${formatCount(chunks.length, 'chunk')}, ${describeFormat(format)}`,
    ),
    `digest ${digest}`,
  ];
}

function summary(sources: readonly SourceReport[], thing: string): string {
  const { used, damaged, empty, refused } = countOutcomes(sources);
  const copies = countDuplicates(sources);
  const repeated = copies === 0 ? '' : ` (${formatCount(copies, 'copy', 'copies')} of another ${thing})`;
  return `${formatCount(sources.length, thing)}${repeated}: ${used} used, ${damaged} damaged but used, ${empty} empty, ${refused} refused`;
}
