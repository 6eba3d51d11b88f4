import { pitchName } from '../../domain/music/pitch-name.js';
import type { ComposedTune, ComposeResult } from './compose-request.js';

/** More lines than this nobody reads. */
const MAX_LINES = 32;

/** A line a tune that says what it is and where, and how to get others. */
export function describeComposition(result: ComposeResult): string[] {
  const { tunes, model, architecture, depth, device, seed, source, likeness, threshold, out } = result;
  const lines = tunes.slice(0, MAX_LINES).map(describeComposedTune);
  if (tunes.length > MAX_LINES) lines.push(`... and ${tunes.length - MAX_LINES} more tunes in ${out}`);
  const counted = tunes.length === 1 ? '1 tune' : `${tunes.length} tunes`;
  lines.push(`${counted} composed by ${model} (${architecture}, depth ${depth}, on ${device}) from ${source}`);
  if (likeness !== null) {
    const percent = (100 * likeness).toFixed(0);
    lines.push(`the nearest that the model came to it shares ${percent} % of what sounds in either`);
  }
  const blank = tunes.filter((tune) => tune.blank).length;
  if (blank > 0) {
    const lower = threshold > 0 ? `; --threshold ${shortened(threshold / 2)} lets quieter cells sound` : '';
    lines.push(`${blank} of them ${blank === 1 ? 'is' : 'are'} blank${lower}`);
  }
  const next = seed < Number.MAX_SAFE_INTEGER ? seed + 1 : 0;
  if (source === `seed ${seed}`) lines.push(`for other tunes use another seed: --seed ${next}`);
  return lines;
}

/** Where each tune can be heard, and what is not heard as it is written; no line for tunes without sound. */
export function describeSounds(tunes: readonly ComposedTune[]): string[] {
  const heard = tunes.filter(({ wav }) => wav !== undefined);
  const lines = heard
    .slice(0, MAX_LINES)
    .map(({ index, wav, wavSeconds }) => `tune ${index} sounds in ${wav}, ${wavSeconds!.toFixed(1)} s`);
  if (heard.length > MAX_LINES) lines.push(`... and ${heard.length - MAX_LINES} more`);
  return [...lines, ...new Set(heard.flatMap(({ notices = [] }) => notices))];
}

function describeComposedTune({
  index,
  midi,
  picture,
  weights,
  notes,
  pitchMin,
  pitchMax,
  seconds,
  blank,
}: ComposedTune): string {
  const what = blank
    ? 'blank, no notes'
    : `${notes} ${notes === 1 ? 'note' : 'notes'} from ${pitchName(pitchMin!)} to ${pitchName(pitchMax!)}, ${seconds.toFixed(1)} s`;
  const certainty = weights === null ? '' : `, its certainty in ${weights}`;
  return `tune ${index}: ${what}: ${midi}, drawn in ${picture}${certainty}`;
}

const shortened = (value: number): string => String(Number(value.toPrecision(2)));
