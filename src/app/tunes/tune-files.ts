/** Paths of the files of one tune. */
interface TuneFiles {
  readonly midi: string;
  readonly picture: string;
  /** Picture of the generator's probabilities. */
  readonly weights: string;
  readonly sound: string;
}

/**
 * Paths for tune `index`, counted from 1: `out/tune-0001.mid`, `.png` and so on. The number is padded so that the names
 * sort in numerical order.
 */
export function tuneFiles(out: string, count: number, index: number): TuneFiles {
  const width = Math.max(4, String(count).length);
  const folder = out.replace(/\/+$/, '') || '/';
  const prefix = folder === '/' ? '/' : `${folder}/`;
  const name = `${prefix}tune-${String(index).padStart(width, '0')}`;
  return { midi: `${name}.mid`, picture: `${name}.png`, weights: `${name}-weights.png`, sound: `${name}.wav` };
}
