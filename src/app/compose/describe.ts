import { pitchName } from '../../domain/music/pitch-name.js';
import { formatCount } from '../../domain/text.js';
import type { ComposedTune, ComposeResult } from './compose-request.js';

/** Tunes that are listed one by one. */
const MAX_LISTED_TUNES = 32;

/** One line per tune with its facts and files, then a summary and hints for other tunes. */
export function describeComposition(result: ComposeResult): string[] {
  const { tunes, model, architecture, depth, device, seed, source, likeness, threshold, out } = result;
  const lines = tunes.slice(0, MAX_LISTED_TUNES).map(describeComposedTune);
  if (tunes.length > MAX_LISTED_TUNES) lines.push(`... and ${tunes.length - MAX_LISTED_TUNES} more tunes in ${out}`);
  const counted = tunes.length === 1 ? '1 tune' : `${tunes.length} tunes`;
  lines.push(`${counted} composed by ${model} (${architecture}, depth ${depth}, on ${device}) from ${source}`);
  if (likeness !== null) {
    const percent = (100 * likeness).toFixed(0);
    lines.push(`the closest match of the model to it has ${percent} % intersection over union of the sounding cells`);
  }
  const blank = tunes.filter((tune) => tune.blank).length;
  if (blank > 0) {
    const lower = threshold > 0 ? `; --threshold ${twoDigits(threshold / 2)} lets less probable cells sound` : '';
    lines.push(`${blank} of them ${blank === 1 ? 'is' : 'are'} blank${lower}`);
  }
  const next = seed < Number.MAX_SAFE_INTEGER ? seed + 1 : 0;
  if (source === `seed ${seed}`) lines.push(`for other tunes use another seed: --seed ${next}`);
  return lines;
}

/** One line per WAV file, then each notice about the sound once; no line for tunes without sound. */
export function describeSounds(tunes: readonly ComposedTune[]): string[] {
  const withSound = tunes.filter(({ wav }) => wav !== undefined);
  const lines = withSound
    .slice(0, MAX_LISTED_TUNES)
    .map(({ index, wav, wavSeconds }) => `sound of tune ${index}: ${wav}, ${wavSeconds!.toFixed(1)} s`);
  if (withSound.length > MAX_LISTED_TUNES) lines.push(`... and ${withSound.length - MAX_LISTED_TUNES} more`);
  return [...lines, ...new Set(withSound.flatMap(({ notices = [] }) => notices))];
}

function describeComposedTune(tune: ComposedTune): string {
  const { index, midi, picture, weights } = tune;
  const probabilities = weights === null ? '' : `, its probabilities in ${weights}`;
  return `tune ${index}: ${describeNotes(tune)}: ${midi}, drawn in ${picture}${probabilities}`;
}

function describeNotes({ notes, pitchMin, pitchMax, seconds, blank }: ComposedTune): string {
  if (blank) return 'blank, no notes';
  const range = `from ${pitchName(pitchMin!)} to ${pitchName(pitchMax!)}`;
  return `${formatCount(notes, 'note')} ${range}, ${seconds.toFixed(1)} s`;
}

const twoDigits = (value: number): string => String(Number(value.toPrecision(2)));
