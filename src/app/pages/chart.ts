import { html, type Html } from './html.js';

/** One line of a chart: a value for each of the chart's steps. */
export interface Series {
  readonly name: string;
  /** A CSS variable of the style sheet: `a`, `b`, `c`. */
  readonly color: 'a' | 'b' | 'c';
  readonly values: readonly number[];
}

const [WIDTH, HEIGHT] = [560, 220];
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 8, 8, 24];
/** More points than pixels are drawn as the mean of some, with the range of all behind. */
const MAX_POINTS = 240;

/** Lines over steps. Where all values are positive and far apart the scale is logarithmic. */
export function lineChart(title: string, steps: readonly number[], series: readonly Series[]): Html {
  const finite = series.flatMap(({ values }) => values.filter(Number.isFinite));
  if (steps.length === 0 || finite.length === 0) return emptyChart(title);
  const [least, most] = [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))];
  const isLog = least > 0 && most / least > 100;
  const scale = isLog ? Math.log10 : (value: number): number => value;
  const low = isLog ? Math.floor(scale(least)) : Math.min(0, least);
  const top = isLog ? Math.ceil(scale(most)) : Math.max(0, most);
  const high = top > low ? top : low + 1; // nothing but zeros
  const y = (value: number): number =>
    HEIGHT - BOTTOM - ((scale(value) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const lines = series.map(({ values, color }) => {
    const points = buckets(steps, values).filter(({ mean }) => Number.isFinite(mean));
    const path = points.map(({ step, mean }) => `${pixelText(xOfStep(step, steps))},${pixelText(y(mean))}`).join(' ');
    const upper = points.map(({ step, high: top }) => `${pixelText(xOfStep(step, steps))},${pixelText(y(top))}`);
    const lower = points
      .map(({ step, low: bottom }) => `${pixelText(xOfStep(step, steps))},${pixelText(y(bottom))}`)
      .reverse();
    return html`<polygon points="${[...upper, ...lower].join(' ')}" fill="var(--${color})" opacity=".22" /><polyline
        points="${path}"
        fill="none"
        stroke="var(--${color})"
        stroke-width="1.6"
      />`;
  });
  const ticks = (
    isLog ? range(low, high).map((power) => 10 ** power) : [0, 0.25, 0.5, 0.75, 1].map((s) => low + s * (high - low))
  ).map(
    (value) =>
      html`<line
          x1="${LEFT}"
          x2="${WIDTH - RIGHT}"
          y1="${pixelText(y(value))}"
          y2="${pixelText(y(value))}"
          stroke="var(--line)"
        /><text x="${LEFT - 6}" y="${pixelText(y(value) + 4)}" text-anchor="end">${shortNumber(value)}</text>`,
  );
  return chart(title, steps, series, html`${ticks}${lines}`);
}

/** Shares of a whole over steps, one above the other. Each step's values are counts. */
export function shareChart(title: string, steps: readonly number[], series: readonly Series[]): Html {
  if (steps.length === 0) return emptyChart(title);
  const averaged = series.map(({ values }) => buckets(steps, values));
  const total = (i: number): number => averaged.reduce((sum, points) => sum + points[i]!.mean, 0) || 1;
  const y = (share: number): number => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  const below = averaged[0]!.map(() => 0);
  const areas = series.map(({ color }, k) => {
    const points = averaged[k]!;
    const bottom = points
      .map(({ step }, i) => `${pixelText(xOfStep(step, steps))},${pixelText(y(below[i]!))}`)
      .reverse();
    points.forEach(({ mean }, i) => (below[i]! += mean / total(i)));
    const top = points.map(({ step }, i) => `${pixelText(xOfStep(step, steps))},${pixelText(y(below[i]!))}`);
    return html`<polygon points="${[...top, ...bottom].join(' ')}" fill="var(--${color})" />`;
  });
  const ticks = [0, 0.5, 1].map(
    (share) => html`<text x="${LEFT - 6}" y="${pixelText(y(share) + 4)}" text-anchor="end">${100 * share} %</text>`,
  );
  return chart(title, steps, series, html`${areas}${ticks}`);
}

function chart(title: string, steps: readonly number[], series: readonly Series[], drawn: Html): Html {
  const keys = series.map(
    ({ name, color }) => html`<span class="key" style="background: var(--${color})"></span>${name}`,
  );
  const last = series.map(({ name, values }) => `${name} ${shortNumber(values.at(-1) ?? NaN)}`).join(', ');
  const marks = [0, 0.5, 1].map((share) => {
    const step = Math.round(steps[0]! + share * (steps.at(-1)! - steps[0]!));
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    return html`<text x="${pixelText(xOfStep(step, steps))}" y="${HEIGHT - 8}" text-anchor="${anchor}"
      >${share === 1 ? `step ${step}` : step}</text
    >`;
  });
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="${`${title} over ${steps.length} logged steps; at the end ${last}`}"
    >
      ${drawn}${marks}
    </svg>
    <p class="soft">${keys}</p>
    ${valuesTable(steps, series)}
  </figure> `;
}

const emptyChart = (title: string): Html =>
  html`<figure>
    <figcaption>${title}</figcaption>
    <p class="soft">nothing was logged yet</p>
  </figure>`;

/** The chart in some figures, for those who do not see it. */
function valuesTable(steps: readonly number[], series: readonly Series[]): Html {
  const places = [...new Set(range(0, 9).map((i) => Math.round((i / 9) * (steps.length - 1))))];
  const rows = places.map((i) => {
    const cells = series.map(({ values }) => html`<td>${shortNumber(values[i]!)}</td>`);
    return html`<tr>
      <th scope="row">${steps[i]!}</th>
      ${cells}
    </tr>`;
  });
  const heads = series.map(({ name }) => html`<th scope="col">${name}</th>`);
  return html`<details>
    <summary>in figures</summary>
    <table>
      <tr>
        <th scope="col">step</th>
        ${heads}
      </tr>
      ${rows}
    </table>
  </details>`;
}

interface Bucket {
  readonly step: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** MOST_POINTS stretches of steps; values that are no numbers are left out. */
function buckets(steps: readonly number[], values: readonly number[]): readonly Bucket[] {
  const size = Math.max(1, Math.ceil(steps.length / MAX_POINTS));
  return range(0, Math.ceil(steps.length / size) - 1).map((i) => {
    const part = values.slice(i * size, (i + 1) * size).filter(Number.isFinite);
    const own = part.length === 0 ? [NaN] : part;
    const middle = steps[Math.min(steps.length - 1, i * size + (size >> 1))]!;
    return {
      step: middle,
      mean: own.reduce((sum, value) => sum + value, 0) / own.length,
      low: own.reduce((a, b) => Math.min(a, b)),
      high: own.reduce((a, b) => Math.max(a, b)),
    };
  });
}

function xOfStep(step: number, steps: readonly number[]): number {
  const [first, last] = [steps[0]!, steps.at(-1)!];
  return LEFT + ((step - first) / Math.max(1, last - first)) * (WIDTH - LEFT - RIGHT);
}

const pixelText = (pixels: number): string => pixels.toFixed(1);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Three digits that count. */
function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value !== 0 && (Math.abs(value) < 0.001 || Math.abs(value) >= 1e6))
    return value.toExponential(0).replace('e+', 'e');
  return String(Number(value.toPrecision(3)));
}
