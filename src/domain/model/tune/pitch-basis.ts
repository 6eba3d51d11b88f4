/** Bumps over the melody's rows. */
export const RBF_COUNT = 12;
/** Width of a bump, rows. */
const RBF_WIDTH = 3.2;

/** How much bump b, of those spread evenly over `rows`, covers a row: 1 at its middle. */
export const rbf = (b: number, row: number, rows: number): number => {
  const middle = (b * (rows - 1)) / (RBF_COUNT - 1);
  return Math.exp(-(((row - middle) / RBF_WIDTH) ** 2) / 2);
};

/** Numbers that say a melody: bumps of height, twelve pitch classes, the rest. */
export const MELODY_BASIS_SIZE = RBF_COUNT + 12 + 1;

/**
 * Logits of the melody's choices (0 the rest, then rows) from few numbers: how high, and which pitch class. Neighbours share a bump and octaves a
 * class, so that what is learned of one row serves the others.
 * @param lowestPitch MIDI pitch of the melody's first row
 */
export function basisWeight(choice: number, number: number, rows: number, lowestPitch: number): number {
  if (choice === 0) return Number(number === MELODY_BASIS_SIZE - 1);
  if (number < RBF_COUNT) return rbf(number, choice - 1, rows);
  return Number(number < RBF_COUNT + 12 && (lowestPitch + choice - 1) % 12 === number - RBF_COUNT);
}
