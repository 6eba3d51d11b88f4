import type { RollFormat } from '../music/roll-format.js';
import type { Colour } from './picture.js';

/** A voice of a roll with the planes that draw it. */
export interface DrawnVoice {
  readonly name: string;
  readonly colour: Colour;
  /** Index of its sustain channel, or of its onset channel when it has no other. */
  readonly body: number;
  /** Index of its onset channel when it has both. */
  readonly onset: number | undefined;
}

/** Melody in a warm colour, everything else in cool ones. */
const COLOURS: Readonly<Record<string, Colour>> = { all: 0x2f5d94, chords: 0x4c8c9b, melody: 0xc8502f };
const OTHERS: readonly Colour[] = [0x7a5a9e, 0x5d8a3a, 0xb07d1e, 0x9a4467, 0x4d6b6b];

/** The voices in the order in which they are painted: the melody last, so that nothing covers it. */
export function drawnVoices(format: RollFormat): readonly DrawnVoice[] {
  const names = [...new Set(format.channels.map((channel) => channel.voice))];
  const others = names.filter((name) => !(name in COLOURS));
  const voices = names.map((name) => {
    const find = (kind: string): number =>
      format.channels.findIndex((channel) => channel.voice === name && channel.kind === kind);
    const [sustain, onset] = [find('sustain'), find('onset')];
    const colour = COLOURS[name] ?? OTHERS[others.indexOf(name) % OTHERS.length]!;
    return { name, colour, body: sustain < 0 ? onset : sustain, onset: sustain < 0 || onset < 0 ? undefined : onset };
  });
  return voices.sort((a, b) => Number(a.name === 'melody') - Number(b.name === 'melody'));
}
