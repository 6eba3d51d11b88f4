import { MidiError } from '../midi/midi-error.js';
import { quantizeScoreLazily, type NoteCounts } from '../roll/quantize.js';
import type { RollFormat } from '../roll/roll-format.js';
import { countNotes, type Score } from '../music/score.js';
import { augmentations } from './augment.js';
import type { PreparationOptions, SourceReport } from './manifest.js';

/** A source of rolls: a score, or the reason why there is none. */
export interface Tune {
  readonly name: string;
  /** SHA-256 of the file; absent if it could not be read or there is no file. */
  readonly sha256?: string;
  readonly content: ReadScore | Refusal;
}

/** A score that was read, and warnings such as `byte 12: ...`. */
interface ReadScore {
  readonly score: Score;
  readonly warnings: readonly string[];
}

/** Why there is no score. */
export interface Refusal {
  readonly refused: string;
  /** Code of the error. */
  readonly code: string;
  /** Byte of the file at which it is wrong, if there is one. */
  readonly offset?: number;
}

/**
 * Yields all copies of the rolls of a tune, packed (see packRoll): by transposition, then layback, then window. Returns
 * the report. Each roll is valid until the next one is taken, since all of them may not fit into memory.
 */
export function* rollsFromTune(
  tune: Tune,
  format: RollFormat,
  options: PreparationOptions,
): Generator<Uint8Array, SourceReport> {
  const { name, sha256, content } = tune;
  if ('refused' in content) return refusalReport(tune, content);
  const { score } = content;
  let { warnings } = content;
  const { windows, fold } = options;
  const notes = countNotes(score);
  let rolls = 0;
  let notesOutside = 0;
  let first: NoteCounts | undefined;
  try {
    for (const { transpose, shiftColumns } of augmentations(options)) {
      const quantized = quantizeScoreLazily(score, format, { windows, fold, transpose, shiftColumns });
      first ??= quantized;
      rolls += quantized.rollCount;
      notesOutside = Math.max(notesOutside, quantized.notesOutside);
      yield* quantized.packedRolls();
    }
  } catch (cause) {
    if (!(cause instanceof MidiError)) throw cause;
    // The reason without its offset: it is about the music, not about a byte.
    const { reason, code } = cause;
    if (rolls === 0) return { ...sourceOf(tune), outcome: 'refused', reason, code, rolls, notes, notesOutside };
    warnings = [...warnings, `copies from the ${rolls + 1}th roll on were left out: ${cause.reason}`];
  }
  // The usual case is a literal without spreads: each spread would give the object a hidden class of its own.
  if (rolls > 0 && warnings.length === 0 && sha256 !== undefined) {
    return { name, sha256, outcome: 'used', rolls, notes, notesOutside };
  }
  const reasons = [...(rolls === 0 && first ? [emptyReason(first, format)] : []), ...abbreviateWarnings(warnings)];
  const reason = reasons.length === 0 ? {} : { reason: reasons.join('; ') };
  const outcome = rolls === 0 ? 'empty' : warnings.length > 0 ? 'damaged' : 'used';
  return { ...sourceOf(tune), outcome, ...reason, rolls, notes, notesOutside };
}

const sourceOf = ({ name, sha256 }: Tune): Pick<SourceReport, 'name' | 'sha256'> =>
  sha256 === undefined ? { name } : { name, sha256 };

function refusalReport(tune: Tune, { refused: reason, code, offset }: Refusal): SourceReport {
  const place = offset === undefined ? {} : { offset };
  return { ...sourceOf(tune), outcome: 'refused', reason, code, ...place, rolls: 0, notes: 0, notesOutside: 0 };
}

/** Why the first copy of a tune has no rolls. */
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
