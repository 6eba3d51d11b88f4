const { floor } = Math;

/** Bins of a feature: inner ones of equal width from `low` to `high`, and one on either side for all other values. */
export interface HistogramBins {
  readonly low: number;
  readonly high: number;
  /** Number of bins from low to high; 1 if they are equal. */
  readonly innerCount: number;
}

const INNER_BINS = 16;
/** Share of the values in each outer bin: otherwise a single outlier would squeeze all others into one bin. */
const TAIL_SHARE = 0.01;

/** Bins from the 1st to the 99th percentile of the reference. */
export function referenceBins(reference: readonly number[]): HistogramBins {
  const sorted = [...reference].sort((a, b) => a - b);
  const at = (share: number): number => sorted[floor(share * (sorted.length - 1))]!;
  const [low, high] = [at(TAIL_SHARE), at(1 - TAIL_SHARE)];
  return { low, high, innerCount: high > low ? INNER_BINS : 1 };
}

/** Share of the values in each bin, lowest first: innerCount + 2 numbers whose sum is 1. */
export function histogram(values: readonly number[], { low, high, innerCount }: HistogramBins): Float64Array {
  const shares = new Float64Array(innerCount + 2);
  for (const value of values) {
    const innerBin = high > low ? floor(((value - low) / (high - low)) * innerCount) : 0;
    const bin =
      value < low ? 0 : value > high ? innerCount + 1 : 1 + (innerBin < innerCount ? innerBin : innerCount - 1);
    shares[bin]! += 1 / values.length;
  }
  return shares;
}

/** The area that the histograms share, 0..1 (Yang and Lerch 2020, who take it of distances, not of features). */
export function overlapArea(sample: readonly number[], reference: readonly number[]): number {
  const bins = referenceBins(reference);
  const [p, q] = [histogram(sample, bins), histogram(reference, bins)];
  const area = p.reduce((sum, share, i) => sum + (share < q[i]! ? share : q[i]!), 0);
  return area < 1 ? area : 1;
}
