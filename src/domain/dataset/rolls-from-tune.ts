import { MidiError } from '../midi/midi-error.js';
import { quantizeScoreLazily, type NoteCounts } from '../roll/quantize.js';
import type { RollFormat } from '../roll/roll-format.js';
import { countNotes, type Score } from '../music/score.js';
import { augmentations } from './augment.js';
import type { PreparationOptions, SourceReport } from './manifest.js';

/** A source of rolls: a score, or why there is none. */
export interface Tune {
  readonly name: string;
  /** SHA-256 of the file's bytes; absent when it could not be read or there is no file. */
  readonly sha256?: string;
  readonly content: { readonly score: Score; /** `byte 12: ...` */ readonly warnings: readonly string[] } | Refusal;
}

/** Why there is no score. */
export interface Refusal {
  readonly refused: string;
  /** Of the error; `offset` when it is one of the file's bytes that is wrong. */
  readonly code: string;
  readonly offset?: number;
}

/**
 * Yields all copies of a tune's rolls (transpositions from low to high, laybacks within, windows in order of time
 * within), packed (see packRoll), and returns what became of it. One roll at a time, good until the next is asked for:
 * together they may be too many to hold.
 */
export function* rollsFromTune(
  { name, sha256, content }: Tune,
  format: RollFormat,
  options: PreparationOptions,
): Generator<Uint8Array, SourceReport> {
  const told = sha256 === undefined ? { name } : { name, sha256 };
  if ('refused' in content) {
    const { refused: reason, code, offset } = content;
    const place = offset === undefined ? {} : { offset };
    return { ...told, outcome: 'refused', reason, code, ...place, rolls: 0, notes: 0, notesOutside: 0 };
  }
  const { score } = content;
  let { warnings } = content;
  const { windows, fold } = options;
  const notes = countNotes(score);
  let rolls = 0;
  let notesOutside = 0;
  let first: NoteCounts | undefined;
  try {
    for (const { transpose, shiftColumns } of augmentations(options)) {
      const cut = quantizeScoreLazily(score, format, { windows, fold, transpose, shiftColumns });
      first ??= cut;
      rolls += cut.rollCount;
      notesOutside = Math.max(notesOutside, cut.notesOutside);
      yield* cut.packedRolls();
    }
  } catch (cause) {
    if (!(cause instanceof MidiError)) throw cause;
    // The reason without its offset: it is about the music, not about a byte.
    const { reason, code } = cause;
    if (rolls === 0) return { ...told, outcome: 'refused', reason, code, rolls, notes, notesOutside };
    warnings = [...warnings, `copies from the ${rolls + 1}th roll on were left out: ${cause.reason}`];
  }
  // Written out for the usual tune: one object spread into another gets a hidden class of its own each time.
  if (rolls > 0 && warnings.length === 0 && sha256 !== undefined) {
    return { name, sha256, outcome: 'used', rolls, notes, notesOutside };
  }
  const complaints = [...(rolls === 0 && first ? [emptyReason(first, format)] : []), ...abbreviateWarnings(warnings)];
  const reason = complaints.length === 0 ? {} : { reason: complaints.join('; ') };
  const outcome = rolls === 0 ? 'empty' : warnings.length > 0 ? 'damaged' : 'used';
  return { ...told, outcome, ...reason, rolls, notes, notesOutside };
}

function emptyReason({ notes, drumNotes, notesOutside }: NoteCounts, format: RollFormat): string {
  if (notes === 0) return 'it has no notes';
  if (drumNotes === notes) return `its ${notes} notes are all for drums`;
  const highest = format.lowestPitch + format.pitches - 1;
  if (drumNotes + notesOutside < notes) return `none of its ${notes} notes is in a voice or window of the roll`;
  return `its ${notesOutside} notes are all outside the pitches ${format.lowestPitch}..${highest}`;
}

/** The first warning, and how many more. */
const abbreviateWarnings = (warnings: readonly string[]): readonly string[] =>
  warnings.length <= 1 ? warnings : [`${warnings[0]} (and ${warnings.length - 1} more)`];
