import { html, type Html } from './html.js';

/** A series of a chart, with one value per step. */
export interface Series {
  readonly name: string;
  /** Name of a CSS variable of the style sheet. */
  readonly color: 'a' | 'b' | 'c';
  readonly values: readonly number[];
}

const [WIDTH, HEIGHT] = [560, 220];
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 8, 8, 24];
/** A longer series is drawn as means of equal parts, with the range of each part behind them. */
const MAX_POINTS = 240;
/** The scale is logarithmic when all values are positive and the largest is more than this many times the smallest. */
const MIN_LOG_RATIO = 100;

/** Draws series as lines over the steps. */
export function lineChart(title: string, steps: readonly number[], series: readonly Series[]): Html {
  const finite = series.flatMap(({ values }) => values.filter(Number.isFinite));
  if (steps.length === 0 || finite.length === 0) return emptyChart(title);
  const scale = scaleOf(finite);
  const lines = series.map((one) => line(one, steps, scale.y));
  return chart(title, steps, series, html`${scale.ticks.map((value) => gridLine(value, scale.y(value)))}${lines}`);
}

interface Scale {
  /** The pixel row of a value. */
  y(value: number): number;
  /** Values that get a grid line. */
  readonly ticks: readonly number[];
}

function scaleOf(values: readonly number[]): Scale {
  const [min, max] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const isLog = min > 0 && max / min > MIN_LOG_RATIO;
  const transform = isLog ? Math.log10 : (value: number): number => value;
  const low = isLog ? Math.floor(transform(min)) : Math.min(0, min);
  const top = isLog ? Math.ceil(transform(max)) : Math.max(0, max);
  const high = top > low ? top : low + 1; // all values are 0
  return {
    y: (value) => HEIGHT - BOTTOM - ((transform(value) - low) / (high - low)) * (HEIGHT - TOP - BOTTOM),
    ticks: isLog
      ? range(low, high).map((power) => 10 ** power)
      : [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * (high - low)),
  };
}

/** The means of a series as a line, in front of the area between the lows and the highs; a single value as a dot. */
function line({ values, color }: Series, steps: readonly number[], y: (value: number) => number): Html {
  const points = buckets(steps, values).filter(({ mean }) => Number.isFinite(mean));
  const position = (step: number, value: number): string => `${pixelText(xOfStep(step, steps))},${pixelText(y(value))}`;
  const means = points.map(({ step, mean }) => position(step, mean));
  if (points.length === 1) {
    const { step, mean } = points[0]!;
    return html`<circle
      cx="${pixelText(xOfStep(step, steps))}"
      cy="${pixelText(y(mean))}"
      r="4"
      fill="var(--${color})"
    />`;
  }
  const highs = points.map(({ step, high }) => position(step, high));
  const lows = points.map(({ step, low }) => position(step, low)).reverse();
  return html`<polygon points="${[...highs, ...lows].join(' ')}" fill="var(--${color})" opacity=".22" /><polyline
      points="${means.join(' ')}"
      fill="none"
      stroke="var(--${color})"
      stroke-width="1.6"
    />`;
}

const gridLine = (value: number, y: number): Html =>
  html`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${pixelText(y)}" y2="${pixelText(y)}" stroke="var(--line)" /><text
      x="${LEFT - 6}"
      y="${pixelText(y + 4)}"
      text-anchor="end"
      >${shortNumber(value)}</text
    >`;

/** Draws the shares of counts as stacked areas over the steps. */
export function shareChart(title: string, steps: readonly number[], series: readonly Series[]): Html {
  if (steps.length === 0) return emptyChart(title);
  const averaged = series.map(({ values }) => buckets(steps, values));
  const total = (i: number): number => averaged.reduce((sum, points) => sum + points[i]!.mean, 0) || 1;
  // The areas of a single step fill the width.
  const columns =
    averaged[0]!.length === 1 ? [LEFT, WIDTH - RIGHT] : averaged[0]!.map(({ step }) => xOfStep(step, steps));
  const y = (share: number): number => HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  const below = averaged[0]!.map(() => 0);
  const areas = series.map(({ color }, k) => {
    const edge = (): string[] => columns.map((x, i) => `${pixelText(x)},${pixelText(y(below[i] ?? below[0]!))}`);
    const bottom = edge().reverse();
    averaged[k]!.forEach(({ mean }, i) => (below[i]! += mean / total(i)));
    const top = edge();
    return html`<polygon points="${[...top, ...bottom].join(' ')}" fill="var(--${color})" />`;
  });
  const ticks = [0, 0.5, 1].map(
    (share) => html`<text x="${LEFT - 6}" y="${pixelText(y(share) + 4)}" text-anchor="end">${100 * share} %</text>`,
  );
  return chart(title, steps, series, html`${areas}${ticks}`);
}

function chart(title: string, steps: readonly number[], series: readonly Series[], content: Html): Html {
  const legend = series.map(
    ({ name, color }) => html`<span class="key" style="background: var(--${color})"></span>${name}`,
  );
  const last = series.map(({ name, values }) => `${name} ${shortNumber(values.at(-1) ?? NaN)}`).join(', ');
  const isSingleStep = steps[0] === steps.at(-1);
  const marks = (isSingleStep ? [1] : [0, 0.5, 1]).map((share) => {
    const step = Math.round(steps[0]! + share * (steps.at(-1)! - steps[0]!));
    const anchor = share === 0 ? 'start' : share === 1 && !isSingleStep ? 'end' : 'middle';
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
      ${content}${marks}
    </svg>
    ${series.length > 1 ? html`<p class="soft">${legend}</p>` : ''} ${valuesTable(steps, series)}
  </figure> `;
}

const emptyChart = (title: string): Html =>
  html`<figure>
    <figcaption>${title}</figcaption>
    <p class="soft">nothing was logged yet</p>
  </figure>`;

/** Ten of the values as a table, for people who cannot see the chart. */
function valuesTable(steps: readonly number[], series: readonly Series[]): Html {
  const indices = [...new Set(range(0, 9).map((i) => Math.round((i / 9) * (steps.length - 1))))];
  const rows = indices.map((i) => {
    const cells = series.map(({ values }) => html`<td>${shortNumber(values[i]!)}</td>`);
    return html`<tr>
      <th scope="row">${steps[i]!}</th>
      ${cells}
    </tr>`;
  });
  const headers = series.map(({ name }) => html`<th scope="col">${name}</th>`);
  return html`<details>
    <summary>as a table</summary>
    <table>
      <tr>
        <th scope="col">step</th>
        ${headers}
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

/** Divides the steps into at most MAX_POINTS parts of equal length. Values that are not finite are left out. */
function buckets(steps: readonly number[], values: readonly number[]): readonly Bucket[] {
  const size = Math.max(1, Math.ceil(steps.length / MAX_POINTS));
  return range(0, Math.ceil(steps.length / size) - 1).map((i) => {
    const part = values.slice(i * size, (i + 1) * size).filter(Number.isFinite);
    const partValues = part.length === 0 ? [NaN] : part;
    const middle = steps[Math.min(steps.length - 1, i * size + (size >> 1))]!;
    return {
      step: middle,
      mean: partValues.reduce((sum, value) => sum + value, 0) / partValues.length,
      low: partValues.reduce((a, b) => Math.min(a, b)),
      high: partValues.reduce((a, b) => Math.max(a, b)),
    };
  });
}

/** The pixel column of a step; a single step stands in the middle. */
function xOfStep(step: number, steps: readonly number[]): number {
  const [first, last] = [steps[0]!, steps.at(-1)!];
  const share = first === last ? 0.5 : (step - first) / (last - first);
  return LEFT + share * (WIDTH - LEFT - RIGHT);
}

const pixelText = (pixels: number): string => pixels.toFixed(1);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Rounds to three significant digits. */
function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value !== 0 && (Math.abs(value) < 0.001 || Math.abs(value) >= 1e6))
    return value.toExponential(0).replace('e+', 'e');
  return String(Number(value.toPrecision(3)));
}
