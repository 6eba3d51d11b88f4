import { UsageError } from '../../domain/errors.js';
import type { ThemeName } from '../../domain/render/theme.js';
import { decimal, flag, text, integer } from './option.js';

/** Options of commands that draw pictures. */
export const PICTURE_OPTIONS = {
  scale: integer('pixels of half a beat in pictures', 1, 16, undefined, 'about 1,024 pixels a picture'),
  light: flag('draw pictures on white paper, the default'),
  dark: flag('draw pictures on dark paper'),
} as const;

/** Options of commands that render sound. */
export const SOUND_OPTIONS = {
  soundfont: text('file', 'the SoundFont (.sf2, .sf3) to play with', undefined, 'the one that comes with Apollo'),
  minutes: decimal('longest sound in minutes; the rest is not rendered', { low: 1, high: 180 }, 30),
} as const;

export function themeOf({ light, dark }: { readonly light: boolean; readonly dark: boolean }): ThemeName {
  if (light && dark) throw new UsageError('--light and --dark contradict each other');
  return dark ? 'dark' : 'light';
}

/** The properties of process.stdout that describe a terminal. */
export interface TerminalCapabilities {
  readonly isTTY?: boolean;
  readonly columns?: number;
  getColorDepth?(): number;
}

/** Options for drawing a roll on a terminal: its width, its colors, and ASCII where its locale is not UTF-8. */
export function terminalRollOptions(
  stream: TerminalCapabilities,
  env: Readonly<Record<string, string | undefined>>,
): { readonly width: number; readonly colorDepth: number; readonly ascii: boolean } {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  const isPlain = !stream.isTTY || Boolean(env['NO_COLOR']);
  return {
    width: Math.max(40, Math.min(132, stream.columns || 100)),
    colorDepth: isPlain ? 1 : (stream.getColorDepth?.() ?? 1),
    ascii: env['TERM'] === 'dumb' || (locale !== undefined && locale !== '' && !/utf-?8/i.test(locale)),
  };
}
