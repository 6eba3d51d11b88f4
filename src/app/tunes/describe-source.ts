import type { SourceOutcome, SourceReport } from '../../domain/dataset/manifest.js';
import { formatCount, escapeForTerminal } from '../../domain/text.js';

/** One line for the terminal, such as `used     ashover1.mid  235 notes, 1 roll`. */
export function describeSource({ name, outcome, reason, notes, rolls, notesOutside }: SourceReport): string {
  const outside =
    notesOutside > 0 && outcome !== 'empty' ? [`${formatCount(notesOutside, 'note')} outside the roll`] : [];
  const made = rolls > 0 ? [`${formatCount(notes, 'note')}, ${formatCount(rolls, 'roll')}`] : [];
  const facts = [...made, ...outside, ...(reason === undefined ? [] : [reason])];
  return escapeForTerminal(`${outcome.padEnd('damaged'.length)}  ${name}  ${facts.join('; ')}`);
}

export function countOutcomes(sources: readonly SourceReport[]): Record<SourceOutcome, number> {
  const counts: Record<SourceOutcome, number> = { used: 0, damaged: 0, empty: 0, refused: 0 };
  for (const { outcome } of sources) counts[outcome]++;
  return counts;
}

/** Number of files with the same bytes as an earlier file. */
export function countDuplicates(sources: readonly SourceReport[]): number {
  const digests = sources.flatMap(({ sha256 }) => (sha256 === undefined ? [] : [sha256]));
  return digests.length - new Set(digests).size;
}
