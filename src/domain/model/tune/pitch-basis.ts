/** Number of radial basis functions over the melody's rows. */
export const RBF_COUNT = 12;
/** Standard deviation of a radial basis function, in rows. */
const RBF_WIDTH = 3.2;

/** Gaussian radial basis function `index` at a row. The centers are evenly spaced over `rows`. */
export const rbf = (index: number, row: number, rows: number): number => {
  const center = (index * (rows - 1)) / (RBF_COUNT - 1);
  return Math.exp(-(((row - center) / RBF_WIDTH) ** 2) / 2);
};

/** Size of the melody basis: the radial basis functions, twelve pitch classes, and one for the rest. */
export const MELODY_BASIS_SIZE = RBF_COUNT + 12 + 1;

/**
 * Weight of a basis function in the logit of a melody choice (0 the rest, then the rows). Neighboring rows share radial
 * basis functions and octaves share a pitch class, so what is learned of one row applies to others.
 * @param lowestPitch MIDI pitch of the melody's first row
 */
export function basisWeight(choice: number, basisIndex: number, rows: number, lowestPitch: number): number {
  if (choice === 0) return Number(basisIndex === MELODY_BASIS_SIZE - 1);
  if (basisIndex < RBF_COUNT) return rbf(basisIndex, choice - 1, rows);
  return Number(basisIndex < RBF_COUNT + 12 && (lowestPitch + choice - 1) % 12 === basisIndex - RBF_COUNT);
}
