import type { SourceReport } from '../../domain/dataset/manifest.js';
import { describeFormat } from '../../domain/roll/roll-format.js';
import { formatCount, escapeForTerminal } from '../../domain/text.js';
import { countDuplicates, countOutcomes, describeSource } from '../tunes/describe-source.js';
import type { PrepareResult } from './prepare.js';

/** One line per file with its outcome, then a summary of the dataset; all escaped for a terminal. */
export function describePreparation({ path, input, manifest }: PrepareResult): string[] {
  const { sources, rolls, chunks, format, digest } = manifest;
  // All tunes of the demo composer have the same outcome, so only files are listed.
  const sourceLines = input.kind === 'midi' ? sources.map(describeSource) : [];
  return [
    ...sourceLines,
    summary(sources, input.kind === 'midi' ? 'file' : 'tune'),
    escapeForTerminal(
      `${path}: ${formatCount(rolls, 'roll')} in ${formatCount(chunks.length, 'chunk')}, ${describeFormat(format)}`,
    ),
    `digest ${digest}`,
  ];
}

function summary(sources: readonly SourceReport[], noun: string): string {
  const { used, damaged, empty, refused } = countOutcomes(sources);
  const copies = countDuplicates(sources);
  const repeated = copies === 0 ? '' : ` (${formatCount(copies, 'copy', 'copies')} of another ${noun})`;
  const outcomes = `${used} used, ${damaged} damaged but used, ${empty} empty, ${refused} refused`;
  return `${formatCount(sources.length, noun)}${repeated}: ${outcomes}`;
}
