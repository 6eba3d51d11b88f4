import { featureValues } from '../../domain/evaluation/assessment.js';
import { FEATURES } from '../../domain/evaluation/features/feature-extraction.js';
import { referenceBins, histogram } from '../../domain/evaluation/histogram.js';
import { nearestTune } from '../../domain/evaluation/nearest-tune.js';
import type { PianoRoll } from '../../domain/roll/piano-roll.js';
import { blankPicture } from '../../domain/render/picture.js';
import { drawUnlabeledRoll } from '../../domain/render/roll-picture.js';
import { THEMES } from '../../domain/render/theme.js';
import type { Console } from '../../ports/console.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import { describeEvaluation, distanceRows, formatMeanDeviation } from './describe.js';
import type { EvaluateResult, EvaluatedFeature, AnalyzedTune, TrainingRoll } from './evaluation-result.js';
import { yieldAndCheckAborted, type Yielding } from './read-evaluated-tunes.js';
import { rawHtml, dataUrl, html, type Html } from '../pages/html.js';
import { STYLE } from '../pages/style.js';

export interface EvaluationPageContent {
  readonly result: EvaluateResult;
  readonly evaluated: readonly AnalyzedTune[];
  readonly reference: readonly AnalyzedTune[];
  readonly training: readonly TrainingRoll[];
  /** A roll of the dataset. */
  rollOf(index: number): PianoRoll;
}

/** One HTML file that loads nothing and runs nothing. */
export type RenderEvaluationPage = (content: EvaluationPageContent) => Promise<string>;

/** Tunes drawn beside their nearest: finding these costs a quarter of a second each. */
const MAX_DRAWN_TUNES = 24;

export interface EvaluationPagePorts extends Yielding {
  readonly pictures: PictureEncoder;
  readonly console: Console;
}

export const createRenderEvaluationPage =
  (ports: EvaluationPagePorts): RenderEvaluationPage =>
  async (content) => {
    const { pictures, console } = ports;
    const { result, evaluated, training, rollOf } = content;
    const drawn = evaluated.slice(0, MAX_DRAWN_TUNES);
    const bits = training.map((tune) => tune.bits);
    const cards: Html[] = [];
    for (const [i, tune] of drawn.entries()) {
      await yieldAndCheckAborted(ports);
      // All transpositions; shifts of two bars: a tune's nearest is not sought at another of its places.
      const { pitches, columnsPerBeat } = tune.roll.format;
      const nearest = nearestTune(tune.bits, bits, { semitones: pitches - 1, columns: 8 * columnsPerBeat });
      const other = nearest === undefined ? undefined : training[nearest.index]!;
      cards.push(
        html`<figure class="pair">
          <figcaption>Tune ${i + 1}</figcaption>
          ${await rollImage(tune.roll, `Evaluated tune ${i + 1}`, pictures)}
          ${
            other === undefined
              ? html`<p class="soft">like no tune of the dataset</p>`
              : html`${await rollImage(rollOf(other.index), `Nearest tune of the dataset, ${other.name}`, pictures)}
                  <p class="soft">nearest: ${other.name}, ${(100 * nearest!.likeness).toFixed(0)} % alike</p>`
          }
        </figure>`,
      );
      console.progress({ done: i + 1, total: drawn.length, unit: 'tunes drawn' });
    }
    return pageText(result, histograms(content), cards);
  };

/** A pixel a column and two a pitch would be too flat to read: the browser scales the picture up. */
async function rollImage(roll: PianoRoll, name: string, pictures: PictureEncoder): Promise<Html> {
  const { columns, pitches } = roll.format;
  const drawn = blankPicture(2 * columns, 2 * pitches, THEMES.light.paper);
  drawUnlabeledRoll(drawn, roll, { left: 0, top: 0 }, 2, 'light');
  return html`<img
    src="${dataUrl('image/png', await pictures.encode(drawn))}"
    width="${2 * columns}"
    height="${2 * pitches}"
    alt="${name}"
  />`;
}

function histograms({ result, evaluated, reference }: EvaluationPageContent): readonly Html[] {
  const vectors = (judged: readonly AnalyzedTune[]) => judged.map(({ features }) => features);
  return FEATURES.map((_, i) => {
    const real = featureValues(vectors(reference), i);
    const bins = referenceBins(real);
    const shares = [histogram(featureValues(vectors(evaluated), i), bins), histogram(real, bins)] as const;
    return histogramFigure(result.features[i]!, shares, [bins.low, bins.high]);
  });
}

const [WIDTH, HEIGHT, FLOOR] = [320, 120, 100];

/** Bars of the evaluated tunes over those of the reference; the first and last bin hold what is further out. */
function histogramFigure(
  { name, meaning, evaluated, reference, unit }: EvaluatedFeature,
  [own, real]: readonly [Float64Array, Float64Array],
  [low, high]: readonly [number, number],
): Html {
  const most = Math.max(...own, ...real);
  const width = WIDTH / own.length;
  const bars = (shares: Float64Array, color: string): Html => {
    const drawn = Array.from(shares, (share, bin) => {
      const height = (share / most) * (FLOOR - 4);
      return `M${(bin * width + 1).toFixed(1)} ${FLOOR}v${(-height).toFixed(1)}h${(width - 2).toFixed(1)}v${height.toFixed(1)}z`;
    });
    return html`<path d="${drawn.join('')}" fill="var(--${color})" fill-opacity=".55" />`;
  };
  const label = `${name}: evaluated ${formatMeanDeviation(evaluated, unit)}, reference ${formatMeanDeviation(reference, unit)}`;
  return html`<figure>
    <figcaption>${name}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
      ${bars(real, 'b')}${bars(own, 'a')}
      <text x="${width.toFixed(1)}" y="${HEIGHT - 6}">${short(low)}</text>
      <text x="${(WIDTH - width).toFixed(1)}" y="${HEIGHT - 6}" text-anchor="end">${short(high)}</text>
    </svg>
    <p class="soft">${meaning}</p>
  </figure>`;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

function table(head: readonly string[], rows: readonly (readonly string[])[]): Html {
  const cells = (row: readonly string[]): readonly Html[] =>
    row.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`));
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${cells(row)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function pageText(result: EvaluateResult, drawn: readonly Html[], cards: readonly Html[]): string {
  const [title, compared] = describeEvaluation(result);
  const features = result.features.map(({ name, meaning, unit, evaluated, reference, realTunes }) => [
    name,
    formatMeanDeviation(evaluated, unit),
    formatMeanDeviation(reference, unit),
    evaluated.overlap.toFixed(2),
    realTunes.overlap.toFixed(2),
    meaning,
  ]);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
        />
        <title>Evaluation of ${result.path}</title>
        <link rel="icon" href="data:," />
        <style>
          ${rawHtml(STYLE + OWN_STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title!}</h1>
          <p class="soft">${compared!}</p>
          ${result.notices.map((notice) => html`<p>${notice}</p>`)}
          <h2 class="section">Distances</h2>
          ${table(['', 'evaluated', 'other real tunes', 'best'], distanceRows(result))}
          <h2 class="section">Features</h2>
          ${table(['feature', 'evaluated', 'reference', 'overlap', 'of real tunes', 'meaning'], features)}
          <h2 class="section">Evaluated tunes among real ones</h2>
          <p>
            <span class="key a"></span>evaluated<span class="key b"></span>reference; the outer bars hold all that lies
            further out
          </p>
          <div class="grid">${drawn}</div>
          <h2 class="section">Tunes, each above the tune of the dataset that it is most like</h2>
          <p class="soft">
            Alike: the cells that sound in both of those that sound in either, when one is transposed and moved by up to
            two bars.
            ${result.tunes.evaluated > cards.length ? `The first ${cards.length} of ${result.tunes.evaluated}.` : ''}
          </p>
          <div class="grid">${cards}</div>
        </main>
      </body>
    </html> `.html;
}

const OWN_STYLE = `
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1.2rem; }
.pair img { display: block; width: 100%; height: auto; margin: .25rem 0; border: 1px solid var(--line); background: #fff; }
.key.a { background: var(--a); } .key.b { background: var(--b); }
figure p { font-size: .85rem; }
`;
