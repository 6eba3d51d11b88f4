import { featureValues } from '../../domain/evaluation/assessment.js';
import { FEATURES } from '../../domain/evaluation/features/feature-extraction.js';
import { referenceBins, histogram } from '../../domain/evaluation/histogram.js';
import { nearestTune } from '../../domain/evaluation/nearest-tune.js';
import type { RollBits } from '../../domain/evaluation/roll-bits.js';
import { blankPicture } from '../../domain/render/picture.js';
import { drawUnlabeledRoll } from '../../domain/render/roll-picture.js';
import { THEMES } from '../../domain/render/theme.js';
import type { PianoRoll } from '../../domain/roll/piano-roll.js';
import type { Console } from '../../ports/console.js';
import type { PictureEncoder } from '../../ports/picture-encoder.js';
import { dataUrl, html, type Html } from '../pages/html.js';
import { renderDocument } from '../pages/page.js';
import { STYLE } from '../pages/style.js';
import { describeEvaluation, distanceRows, featureRow } from './describe.js';
import type { AnalyzedTune, EvaluateResult, TrainingRoll } from './evaluation-result.js';
import { histogramFigure } from './histogram-figure.js';
import { yieldAndCheckAborted, type Yielding } from './read-evaluated-tunes.js';

interface EvaluationPageContent {
  readonly result: EvaluateResult;
  readonly evaluated: readonly AnalyzedTune[];
  readonly reference: readonly AnalyzedTune[];
  readonly training: readonly TrainingRoll[];
  /** A roll of the dataset by its index. */
  rollOf(index: number): PianoRoll;
}

/** Renders a self-contained HTML page without scripts. */
export type RenderEvaluationPage = (content: EvaluationPageContent) => Promise<string>;

/** Tunes drawn with their nearest real tunes. Each search takes about a quarter of a second. */
const MAX_DRAWN_TUNES = 24;

interface EvaluationPagePorts extends Yielding {
  readonly pictures: PictureEncoder;
  readonly console: Console;
}

export const createRenderEvaluationPage =
  (ports: EvaluationPagePorts): RenderEvaluationPage =>
  async (content) => {
    const { pictures, console } = ports;
    const { result, evaluated, training } = content;
    const drawnTunes = evaluated.slice(0, MAX_DRAWN_TUNES);
    const trainingBits = training.map(({ bits }) => bits);
    const cards: Html[] = [];
    for (const [i, tune] of drawnTunes.entries()) {
      await yieldAndCheckAborted(ports);
      cards.push(await tuneFigure(tune, i + 1, trainingBits, content, pictures));
      console.progress({ done: i + 1, total: drawnTunes.length, unit: 'tunes drawn' });
    }
    return renderDocument({
      title: `Evaluation of ${result.path}`,
      policy: "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
      style: STYLE + OWN_STYLE,
      body: html`<main>${pageContent(result, histograms(content), cards)}</main>`,
    });
  };

/** A tune above the training tune that is most similar to it. */
async function tuneFigure(
  tune: AnalyzedTune,
  number: number,
  trainingBits: readonly RollBits[],
  { training, rollOf }: EvaluationPageContent,
  pictures: PictureEncoder,
): Promise<Html> {
  const { pitches, columnsPerBeat } = tune.roll.format;
  // Searches all transpositions but shifts of at most two bars: longer shifts would compare other parts of the pieces.
  const nearest = nearestTune(tune.bits, trainingBits, { semitones: pitches - 1, columns: 8 * columnsPerBeat });
  return html`<figure class="pair">
    <figcaption>Tune ${number}</figcaption>
    ${await rollImage(tune.roll, `Evaluated tune ${number}`, pictures)}
    ${
      nearest === undefined
        ? html`<p class="soft">similar to no tune of the dataset</p>`
        : await nearestTuneImage(training[nearest.index]!, nearest.likeness, rollOf, pictures)
    }
  </figure>`;
}

const nearestTuneImage = async (
  { index, name }: TrainingRoll,
  similarity: number,
  rollOf: (index: number) => PianoRoll,
  pictures: PictureEncoder,
): Promise<Html> =>
  html`${await rollImage(rollOf(index), `Nearest tune of the dataset, ${name}`, pictures)}
    <p class="soft">nearest: ${name}, ${(100 * similarity).toFixed(0)} % similar</p>`;

/** Two pixels per column and pitch, because one would be too flat to read. The browser scales the picture up. */
async function rollImage(roll: PianoRoll, name: string, pictures: PictureEncoder): Promise<Html> {
  const [width, height] = [2 * roll.format.columns, 2 * roll.format.pitches];
  const picture = blankPicture(width, height, THEMES.light.paper);
  drawUnlabeledRoll(picture, roll, { left: 0, top: 0 }, 2, 'light');
  const url = dataUrl('image/png', await pictures.encode(picture));
  return html`<img src="${url}" width="${width}" height="${height}" alt="${name}" />`;
}

function histograms({ result, evaluated, reference }: EvaluationPageContent): readonly Html[] {
  const valuesOf = (tunes: readonly AnalyzedTune[], feature: number): readonly number[] =>
    featureValues(
      tunes.map(({ features }) => features),
      feature,
    );
  return FEATURES.map((_, i) => {
    const referenceValues = valuesOf(reference, i);
    const bins = referenceBins(referenceValues);
    const shares = {
      evaluated: histogram(valuesOf(evaluated, i), bins),
      reference: histogram(referenceValues, bins),
    };
    return histogramFigure(result.features[i]!, shares, bins);
  });
}

function table(headers: readonly string[], rows: readonly (readonly string[])[]): Html {
  const cells = (row: readonly string[]): readonly Html[] =>
    row.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`));
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${headers.map((name) => html`<th scope="col">${name}</th>`)}
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

function pageContent(result: EvaluateResult, figures: readonly Html[], cards: readonly Html[]): Html {
  const [title, subtitle] = describeEvaluation(result);
  const features = result.features.map((feature) => [...featureRow(feature), feature.meaning]);
  const { evaluated } = result.tunes;
  return html`<h1>${title!}</h1>
    <p class="soft">${subtitle!}</p>
    ${result.notices.map((notice) => html`<p>${notice}</p>`)}
    <h2 class="section">Distances</h2>
    ${table(['', 'evaluated', 'other real tunes', 'best'], distanceRows(result))}
    <h2 class="section">Features</h2>
    ${table(['feature', 'evaluated', 'reference', 'overlap', 'overlap of real tunes', 'meaning'], features)}
    <h2 class="section">Histograms of the features</h2>
    <p>
      <span class="key a"></span>evaluated<span class="key b"></span>reference; the outer bars include all values beyond
      them
    </p>
    <div class="grid">${figures}</div>
    <h2 class="section">Tunes, each above the most similar tune of the dataset</h2>
    <p class="soft">
      Similarity: the number of cells that sound in both, divided by the number that sound in either, when one tune is
      transposed and shifted by at most two bars.
      ${evaluated > cards.length ? `The first ${cards.length} of ${evaluated}.` : ''}
    </p>
    <div class="grid">${cards}</div>`;
}

const OWN_STYLE = `
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1.2rem; }
.pair img { display: block; width: 100%; height: auto; margin: .25rem 0; border: 1px solid var(--line);
  background: #fff; }
.key.a { background: var(--a); } .key.b { background: var(--b); }
figure p { font-size: .85rem; }
`;
