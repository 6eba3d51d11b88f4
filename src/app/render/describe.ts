import type { RenderedFile } from './render.js';

/** For each MIDI file: its length, the files rendered from it, and its notices. */
export function describeRendered(rendered: readonly RenderedFile[]): string[] {
  return rendered.flatMap(({ midi, notes, seconds, png, wav, wavSeconds, notices }) => [
    `${midi}: ${notes} ${notes === 1 ? 'note' : 'notes'}, ${seconds.toFixed(1)} s`,
    ...(png === null ? [] : [`  picture: ${png}`]),
    ...(wav === null ? [] : [`  sound: ${wav}, ${wavSeconds!.toFixed(1)} s`]),
    ...notices.map((notice) => `  note: ${notice}`),
  ]);
}
