/** Where one tune goes. */
export interface TuneFiles {
  /** From 1. */
  readonly index: number;
  readonly midi: string;
  readonly picture: string;
  /** Of the generator's certainty. */
  readonly weights: string;
  readonly sound: string;
}

/** `out/tune-0001.mid`, `.png` and so on, padded so that the names of one composition sort as they are numbered. */
export function tuneFiles(out: string, count: number): readonly TuneFiles[] {
  const width = Math.max(4, String(count).length);
  const folder = out.replace(/\/+$/, '') || '/';
  const prefix = folder === '/' ? '/' : `${folder}/`;
  return Array.from({ length: count }, (_, i) => {
    const name = `${prefix}tune-${String(i + 1).padStart(width, '0')}`;
    return {
      index: i + 1,
      midi: `${name}.mid`,
      picture: `${name}.png`,
      weights: `${name}-weights.png`,
      sound: `${name}.wav`,
    };
  });
}
