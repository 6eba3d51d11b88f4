import { singleRollFromScore } from '../../domain/roll/quantize.js';
import { describeFormat, type RollFormat } from '../../domain/roll/roll-format.js';
import { countNotes } from '../../domain/music/score.js';
import { blankPicture } from '../../domain/render/picture.js';
import { drawUnlabeledRoll } from '../../domain/render/roll-picture.js';
import { bestKeptCheckpoint, type BestCheckpoint } from '../../domain/training/best-checkpoint.js';
import type { RunConfiguration } from '../../domain/training/run-configuration.js';
import { createRunSchedule } from '../../domain/training/run-schedule.js';
import { describeBestCheckpoint } from '../train/describe.js';
import { dataUrl, html, type Html } from '../pages/html.js';
import { PLAYER_HELP, renderNotices, renderPage } from '../pages/page.js';
import { tuneCard, type ReportedTune } from '../pages/tune-card.js';
import type { ReportPage, ReportPorts } from './report-page.js';
import { runCharts } from './run-charts.js';
import { readReportTune } from './tunes-report.js';

/** Columns of the table of samples: the first epoch, the last, and some between. */
const MAX_SHOWN_EPOCHS = 10;

/** Renders a page with the metrics, the samples and the configuration of a run, and players of its newest samples. */
export async function renderRunReport(path: string, scripts: string, ports: ReportPorts): Promise<ReportPage> {
  const run = await ports.runs.open(path, 'read');
  try {
    const { configuration } = run;
    const [log, checkpoints] = [await run.readLog(), await run.checkpointSteps()];
    const notices: string[] = [];
    const samples = await readSamples(path, ports, notices);
    const cards = await newestCards(samples.at(-1), ports);
    const { architecture, depth } = configuration.model;
    const title = `Training of ${architecture}, depth ${depth}`;
    const cardsHtml = cards.map(({ card }) => card);
    const body = html`${header(title, path, configuration, Math.max(0, log.at(-1)?.step ?? 0, ...checkpoints))}
      <h2 class="section">Losses and metrics</h2>
      <div class="charts">${runCharts(log)}</div>
      <h2 class="section">Samples from the same noise, epoch by epoch</h2>
      ${await sampleTable(samples, configuration.dataset.format, ports)} ${newestSamples(samples.at(-1), cardsHtml)}
      <h2 class="section">Configuration</h2>
      ${configurationTable(configuration, checkpoints, bestKeptCheckpoint(log, checkpoints))}
      <h2 class="section">How to repeat it</h2>
      ${reproductionCommands(configuration)} ${renderNotices(notices)}`;
    const data = cards.map((card) => card.data);
    return { html: renderPage(title, body, data, scripts), tunes: cards.length, notices };
  } finally {
    await run.close();
  }
}

function header(title: string, path: string, configuration: RunConfiguration, stepsDone: number): Html {
  const { lastStep } = createRunSchedule(configuration);
  const { rolls, origin } = configuration.dataset;
  return html`<header>
    <h1>${title}</h1>
    <p>${`step ${stepsDone} of ${lastStep}, on ${rolls} rolls of ${origin}`}</p>
    <p class="soft">${path}</p>
  </header>`;
}

const newestSamples = (newest: EpochSamples | undefined, cards: readonly Html[]): Html =>
  html`<h2 class="section">${newest === undefined ? 'Tunes' : `Its tunes after epoch ${newest.epoch}`}</h2>
    ${cards.length === 0 ? html`<p class="soft">no samples yet</p>` : html`${PLAYER_HELP}${cards}`}`;

interface EpochSamples {
  readonly epoch: number;
  readonly folder: string;
  readonly tunes: readonly ReportedTune[];
}

async function readSamples(path: string, ports: ReportPorts, notices: string[]): Promise<readonly EpochSamples[]> {
  const root = `${path.replace(/\/+$/, '')}/samples`;
  if ((await ports.files.kind(root)) !== 'folder') return [];
  const folders = (await ports.files.list(root)).filter((name) => /^epoch-\d{4,9}$/.test(name));
  const epochs = folders.map((name) => ({ name, epoch: Number(name.slice(6)) })).sort((a, b) => a.epoch - b.epoch);
  const samples: EpochSamples[] = [];
  for (const { name, epoch } of evenlySpacedItems(epochs, MAX_SHOWN_EPOCHS)) {
    const folder = `${root}/${name}`;
    const names = (await ports.files.list(folder)).filter((file) => /^tune-\d+[.]mid$/.test(file));
    const tunes: ReportedTune[] = [];
    for (const file of names) {
      const tune = await readReportTune(folder, file, ports, notices);
      if (tune !== undefined) tunes.push({ ...tune, title: `tune ${file.replace(/\D/g, '')} after epoch ${epoch}` });
    }
    if (tunes.length > 0) samples.push({ epoch, folder, tunes });
  }
  return samples;
}

/** At most `max` items of a list, evenly spaced, with the first and the last among them. */
const evenlySpacedItems = <T>(all: readonly T[], max: number): readonly T[] =>
  all.length <= max ? all : Array.from({ length: max }, (_, i) => all[Math.round((i / (max - 1)) * (all.length - 1))]!);

async function newestCards(newest: EpochSamples | undefined, { files, pictures }: ReportPorts) {
  if (newest === undefined) return [];
  const names = new Set(await files.list(newest.folder));
  return Promise.all(
    newest.tunes.map(async (tune) => {
      const weights = `${tune.name}-weights.png`;
      if (!names.has(weights)) return tuneCard(tune, pictures);
      const url = dataUrl('image/png', await files.read(`${newest.folder}/${weights}`));
      const details = html`<details>
        <summary>probabilities of the cells</summary>
        <img src="${url}" style="width: 100%" alt="Probability of each cell of ${tune.title}, darker for higher" />
      </details>`;
      return tuneCard(tune, pictures, details);
    }),
  );
}

async function sampleTable(
  samples: readonly EpochSamples[],
  format: RollFormat,
  { pictures }: ReportPorts,
): Promise<Html> {
  if (samples.length === 0) return html`<p class="soft">no samples yet</p>`;
  const names = [...new Set(samples.flatMap(({ tunes }) => tunes.map(({ name }) => name)))];
  const rowOf = async (name: string): Promise<Html> => {
    const cellOf = async ({ tunes, epoch }: EpochSamples): Promise<Html> => {
      const tune = tunes.find((each) => each.name === name);
      if (tune === undefined) return html`<td></td>`;
      const picture = blankPicture(format.columns, format.pitches, 0);
      drawUnlabeledRoll(picture, singleRollFromScore(tune.score, format), { left: 0, top: 0 }, 1, 'light');
      const url = dataUrl('image/png', await pictures.encode(picture));
      return html`<td>
        <img src="${url}" alt="${`${name} after epoch ${epoch}: ${countNotes(tune.score)} notes`}" />
      </td>`;
    };
    const cells = await Promise.all(samples.map(cellOf));
    return html`<tr>
      <th scope="row">${name.replace('tune-', '')}</th>
      ${cells}
    </tr>`;
  };
  const rows = await Promise.all(names.map(rowOf));
  const headers = samples.map(({ epoch }) => html`<th scope="col">epoch ${epoch}</th>`);
  return html`<div class="wide" tabindex="0" role="region" aria-label="Samples over the epochs">
    <table class="strip">
      <thead>
        <tr>
          <td></td>
          ${headers}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function configurationTable(
  { model, dataset, engine, ...run }: RunConfiguration,
  checkpoints: readonly number[],
  best: BestCheckpoint | undefined,
): Html {
  const { logEvery, sampleEvery, checkpointEvery } = run;
  const rows: Readonly<Record<string, string>> = {
    network: `${model.architecture}, depth ${model.depth}`,
    dataset: `${dataset.path}: ${dataset.rolls} rolls of ${dataset.origin}`,
    'roll format': describeFormat(dataset.format),
    'dataset digest': dataset.digest,
    engine: `${engine.name} on ${engine.device}, ${engine.threads} threads`,
    batch: String(run.batch),
    epochs: String(run.epochs),
    seed: String(run.seed),
    'log, samples, checkpoints': `every ${logEvery} steps, ${sampleEvery} epochs, ${checkpointEvery} epochs`,
    checkpoints: checkpoints.length === 0 ? 'none' : `after step ${checkpoints.join(', ')}`,
    ...(best === undefined ? {} : { 'best checkpoint': describeBestCheckpoint(best) }),
  };
  return html`<table>
    ${Object.entries(rows).map(
      ([name, value]) =>
        html`<tr>
          <th scope="row">${name}</th>
          <td>${value}</td>
        </tr>`,
    )}
  </table>`;
}

function reproductionCommands({ model, dataset, engine, ...run }: RunConfiguration): Html {
  const train = [
    `apollo train ${shellQuoted(dataset.path)} --model ${model.architecture} --depth ${model.depth}`,
    `--epochs ${run.epochs} --batch ${run.batch} --seed ${run.seed} --engine ${engine.name} --device ${engine.device}`,
    `--threads ${engine.threads} --log-every ${run.logEvery} --sample-every ${run.sampleEvery}`,
    `--checkpoint-every ${run.checkpointEvery} --out runs/again`,
  ].join(' \\\n    ');
  return html`<p>
      With a dataset of the digest above (<code>apollo inspect</code> shows it), these commands give the same bytes:
    </p>
    <pre><code>${train}
apollo export runs/again
apollo compose --model runs/again/model.onnx</code></pre>`;
}

/** Quotes a path for a POSIX shell if it needs that. */
const shellQuoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
