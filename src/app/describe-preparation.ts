import type { SourceOutcome, SourceReport } from '../domain/dataset/manifest.js';
import { describeFormat } from '../domain/music/roll-format.js';
import { visible } from '../domain/text.js';
import type { PrepareResult } from './prepare.js';

/** For people: a line for each file and what became of it, then what there is now. Each fit for a terminal. */
export function describePreparation({ path, source, manifest }: PrepareResult): string[] {
  const { sources, rolls, chunks, format, digest } = manifest;
  // Composed tunes all turn out the same way: only files are worth a line each.
  const each = source.kind === 'midi' ? sources.map(describeSource) : [];
  return [
    ...each,
    summary(sources, source.kind === 'midi' ? 'file' : 'tune'),
    visible(`${path}: ${counted(rolls, 'roll')} in ${counted(chunks.length, 'chunk')}, ${describeFormat(format)}`),
    `digest ${digest}`,
  ];
}

/** `used     ashover1.mid  235 notes, 1 roll` */
export function describeSource({ name, outcome, reason, notes, rolls, notesOutside }: SourceReport): string {
  const outside = notesOutside > 0 && outcome !== 'empty' ? [`${counted(notesOutside, 'note')} outside the roll`] : [];
  const made = rolls > 0 ? [`${counted(notes, 'note')}, ${counted(rolls, 'roll')}`] : [];
  const facts = [...made, ...outside, ...(reason === undefined ? [] : [reason])];
  return visible(`${outcome.padEnd('damaged'.length)}  ${name}  ${facts.join('; ')}`);
}

export function countOutcomes(sources: readonly SourceReport[]): Record<SourceOutcome, number> {
  const counts: Record<SourceOutcome, number> = { used: 0, damaged: 0, empty: 0, refused: 0 };
  for (const { outcome } of sources) counts[outcome]++;
  return counts;
}

/** Files whose bytes an earlier file has, too. */
export function countDuplicates(sources: readonly SourceReport[]): number {
  const digests = sources.flatMap(({ sha256 }) => (sha256 === undefined ? [] : [sha256]));
  return digests.length - new Set(digests).size;
}

function summary(sources: readonly SourceReport[], thing: string): string {
  const { used, damaged, empty, refused } = countOutcomes(sources);
  const copies = countDuplicates(sources);
  const repeated = copies === 0 ? '' : ` (${counted(copies, 'copy', 'copies')} of another ${thing})`;
  return `${counted(sources.length, thing)}${repeated}: ${used} used, ${damaged} damaged but used, ${empty} empty, ${refused} refused`;
}

/** `1 roll`, `2 rolls` */
export const counted = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
