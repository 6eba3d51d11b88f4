const { floor } = Math;

/** Bins over a feature's values: those between `low` and `high` are of equal width, one more lies below and one above. */
export interface HistogramBins {
  readonly low: number;
  readonly high: number;
  /** Bins between low and high; 1 when they are equal. */
  readonly innerCount: number;
}

const INNER_BINS = 16;
/** Values that far out are for the outer bins, so that a single odd tune does not squeeze all others into one bin. */
const TAIL_SHARE = 0.01;

/** From the 1st to the 99th of a hundred of the reference's values. */
export function referenceBins(reference: readonly number[]): HistogramBins {
  const sorted = [...reference].sort((a, b) => a - b);
  const at = (share: number): number => sorted[floor(share * (sorted.length - 1))]!;
  const [low, high] = [at(TAIL_SHARE), at(1 - TAIL_SHARE)];
  return { low, high, innerCount: high > low ? INNER_BINS : 1 };
}

/** Shares of the values in each bin, from below to above: inner + 2 of them, 1 together. */
export function histogram(values: readonly number[], { low, high, innerCount }: HistogramBins): Float64Array {
  const shares = new Float64Array(innerCount + 2);
  for (const value of values) {
    const place = high > low ? floor(((value - low) / (high - low)) * innerCount) : 0;
    const bin = value < low ? 0 : value > high ? innerCount + 1 : 1 + (place < innerCount ? place : innerCount - 1);
    shares[bin]! += 1 / values.length;
  }
  return shares;
}

/** The area that two histograms share, 0..1: the overlap area of Yang and Lerch 2020, of the features themselves. */
export function overlapArea(sample: readonly number[], reference: readonly number[]): number {
  const bins = referenceBins(reference);
  const [p, q] = [histogram(sample, bins), histogram(reference, bins)];
  const area = p.reduce((sum, share, i) => sum + (share < q[i]! ? share : q[i]!), 0);
  return area < 1 ? area : 1;
}
