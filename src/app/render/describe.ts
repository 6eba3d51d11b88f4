import type { RenderedFile } from './render.js';

/** A line a file that was written, and one for each notice. */
export function describeRendered(rendered: readonly RenderedFile[]): string[] {
  return rendered.flatMap(({ midi, notes, seconds, png, wav, wavSeconds, notices }) => [
    `${midi}: ${notes} ${notes === 1 ? 'note' : 'notes'}, ${seconds.toFixed(1)} s`,
    ...(png === null ? [] : [`  drawn in ${png}`]),
    ...(wav === null ? [] : [`  to be heard in ${wav}, ${wavSeconds!.toFixed(1)} s`]),
    ...notices.map((notice) => `  note: ${notice}`),
  ]);
}
