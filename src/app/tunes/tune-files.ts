/** Where one tune goes. */
export interface TuneFiles {
  readonly midi: string;
  readonly picture: string;
  /** Of the generator's certainty. */
  readonly weights: string;
  readonly sound: string;
}

/** Of tune `index`, from 1: `out/tune-0001.mid`, `.png` and so on, padded so that the names of one composition sort as they are numbered. */
export function tuneFiles(out: string, count: number, index: number): TuneFiles {
  const width = Math.max(4, String(count).length);
  const folder = out.replace(/\/+$/, '') || '/';
  const prefix = folder === '/' ? '/' : `${folder}/`;
  const name = `${prefix}tune-${String(index).padStart(width, '0')}`;
  return { midi: `${name}.mid`, picture: `${name}.png`, weights: `${name}-weights.png`, sound: `${name}.wav` };
}
