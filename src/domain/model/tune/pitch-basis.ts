/** Bumps over the melody's rows. */
export const BUMPS = 12;
/** Width of a bump, rows. */
const WIDTH = 3.2;

/** How much bump b, of those spread evenly over `rows`, covers a row: 1 at its middle. */
export const bump = (b: number, row: number, rows: number): number => {
  const middle = (b * (rows - 1)) / (BUMPS - 1);
  return Math.exp(-(((row - middle) / WIDTH) ** 2) / 2);
};

/** Numbers that say a melody: bumps of height, twelve pitch classes, the rest. */
export const MELODY_BASIS = BUMPS + 12 + 1;

/**
 * Logits of the melody's choices (0 the rest, then rows) from few numbers: how high, and which pitch class. Neighbours share a bump and octaves a
 * class, so that what is learned of one row serves the others.
 * @param lowestPitch MIDI pitch of the melody's first row
 */
export function basisWeight(choice: number, number: number, rows: number, lowestPitch: number): number {
  if (choice === 0) return Number(number === MELODY_BASIS - 1);
  if (number < BUMPS) return bump(number, choice - 1, rows);
  return Number(number < BUMPS + 12 && (lowestPitch + choice - 1) % 12 === number - BUMPS);
}
