// Statistics of measurements.

/** The median; of an even number of values the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

export const sum = (values) => values.reduce((total, value) => total + value, 0);
export const mean = (values) => sum(values) / values.length;

/** Rounded to one and to two decimals. */
export const tenths = (value) => Math.round(value * 10) / 10;
export const hundredths = (value) => Math.round(value * 100) / 100;
