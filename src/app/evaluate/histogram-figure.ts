import type { HistogramBins } from '../../domain/evaluation/histogram.js';
import { html, type Html } from '../pages/html.js';
import { formatMeanDeviation } from './describe.js';
import type { EvaluatedFeature } from './evaluation-result.js';

/** Size of the picture and height of its base line, in pixels. */
const [WIDTH, HEIGHT, BASELINE] = [320, 120, 100];

/** Share of the tunes in each bin, 0..1. */
interface HistogramShares {
  readonly evaluated: Float64Array;
  readonly reference: Float64Array;
}

/** Bars of the evaluated tunes over those of the reference. The first and last bin include all values beyond them. */
export function histogramFigure(feature: EvaluatedFeature, shares: HistogramShares, bins: HistogramBins): Html {
  const { name, meaning, unit } = feature;
  const maxShare = Math.max(...shares.evaluated, ...shares.reference);
  const width = WIDTH / shares.evaluated.length;
  const evaluated = formatMeanDeviation(feature.evaluated, unit);
  const reference = formatMeanDeviation(feature.reference, unit);
  const labelY = HEIGHT - 6;
  return html`<figure>
    <figcaption>${name}</figcaption>
    <svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="${`${name}: evaluated ${evaluated}, reference ${reference}`}"
    >
      ${bars(shares.reference, maxShare, 'b')}${bars(shares.evaluated, maxShare, 'a')}
      <text x="${width.toFixed(1)}" y="${labelY}">${threeDigits(bins.low)}</text>
      <text x="${(WIDTH - width).toFixed(1)}" y="${labelY}" text-anchor="end">${threeDigits(bins.high)}</text>
    </svg>
    <p class="soft">${meaning}</p>
  </figure>`;
}

/** One SVG path with a bar per bin; the highest bar ends 4 pixels below the top. */
function bars(shares: Float64Array, maxShare: number, color: 'a' | 'b'): Html {
  const width = WIDTH / shares.length;
  const path = Array.from(shares, (share, bin) => {
    const left = (bin * width + 1).toFixed(1);
    const height = (share / maxShare) * (BASELINE - 4);
    return `M${left} ${BASELINE}v${(-height).toFixed(1)}h${(width - 2).toFixed(1)}v${height.toFixed(1)}z`;
  });
  return html`<path d="${path.join('')}" fill="var(--${color})" fill-opacity=".55" />`;
}

/** Rounds to three significant digits. */
const threeDigits = (value: number): string => String(Number(value.toPrecision(3)));
