import { singleRollFromScore } from '../../domain/roll/quantize.js';
import { describeFormat, type RollFormat } from '../../domain/roll/roll-format.js';
import { countNotes } from '../../domain/music/score.js';
import { blankPicture } from '../../domain/render/picture.js';
import { drawUnlabeledRoll } from '../../domain/render/roll-picture.js';
import { bestKeptCheckpoint, type BestCheckpoint } from '../../domain/training/best-checkpoint.js';
import type { RunConfiguration } from '../../domain/training/run-configuration.js';
import { createRunSchedule } from '../../domain/training/run-schedule.js';
import type { LogEntry } from '../../ports/run-store.js';
import { describeBestCheckpoint } from '../train/describe.js';
import { lineChart, shareChart, type Series } from '../pages/chart.js';
import { dataUrl, html, type Html } from '../pages/html.js';
import { renderPage, PLAYER_HELP } from '../pages/page.js';
import type { ReportPage, ReportPorts } from './report-page.js';
import { tuneCard, type ReportedTune } from '../pages/tune-card.js';
import { readReportTune } from './tunes-report.js';

/** Columns of the strip of samples: the first, the last and some between. */
const MAX_SHOWN_EPOCHS = 10;

/** A page that says how a training went, and plays what it draws now. */
export async function renderRunReport(path: string, scripts: string, ports: ReportPorts): Promise<ReportPage> {
  const run = await ports.runs.open(path, 'read');
  try {
    const { configuration } = run;
    const [log, checkpoints] = [await run.readLog(), await run.checkpointSteps()];
    const notices: string[] = [];
    const samples = await readSamples(path, ports, notices);
    const newest = samples.at(-1);
    const cards = await newestCards(newest, ports);
    const { architecture, depth } = configuration.model;
    const title = `Training of ${architecture}, depth ${depth}`;
    const done = Math.max(0, log.at(-1)?.step ?? 0, ...checkpoints);
    const body = html`<header>
        <h1>${title}</h1>
        <p>
          ${`step ${done} of ${createRunSchedule(configuration).lastStep}, on ${configuration.dataset.rolls} rolls of ${configuration.dataset.origin}`}
        </p>
        <p class="soft">${path}</p>
      </header>
      <h2 class="section">How it went</h2>
      <div class="charts">${charts(log)}</div>
      <h2 class="section">What it drew from the same noise, epoch by epoch</h2>
      ${await sampleTable(samples, configuration.dataset.format, ports)}
      <h2 class="section">${newest === undefined ? 'Tunes' : `Its tunes after epoch ${newest.epoch}`}</h2>
      ${cards.length === 0 ? html`<p class="soft">no samples yet</p>` : html`${PLAYER_HELP}${cards.map(({ card }) => card)}`}
      <h2 class="section">Configuration</h2>
      ${configurationTable(configuration, checkpoints, bestKeptCheckpoint(log, checkpoints))}
      <h2 class="section">How to repeat it</h2>
      ${reproductionCommands(configuration)} ${notices.map((notice) => html`<p>Note: ${notice}</p>`)}`;
    const data = cards.map((card) => card.data);
    return { html: renderPage(title, body, data, scripts), tunes: cards.length, notices };
  } finally {
    await run.close();
  }
}

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

/** At most so many of a list, evenly, the first and the last among them. */
const evenlySpacedItems = <T>(all: readonly T[], most: number): readonly T[] =>
  all.length <= most
    ? all
    : Array.from({ length: most }, (_, i) => all[Math.round((i / (most - 1)) * (all.length - 1))]!);

async function newestCards(newest: EpochSamples | undefined, { files, pictures }: ReportPorts) {
  if (newest === undefined) return [];
  const there = new Set(await files.list(newest.folder));
  return Promise.all(
    newest.tunes.map(async (tune) => {
      const weights = `${tune.name}-weights.png`;
      if (!there.has(weights)) return tuneCard(tune, pictures);
      const url = dataUrl('image/png', await files.read(`${newest.folder}/${weights}`));
      const shown = html`<details>
        <summary>how certain the network was</summary>
        <img src="${url}" style="width: 100%" alt="Certainty of each cell of ${tune.title}: the darker, the surer" />
      </details>`;
      return tuneCard(tune, pictures, shown);
    }),
  );
}

/** What else than losses and verdicts is logged, in words. */
const CAPTIONS: Readonly<Record<string, string>> = {
  'distance.accuracy':
    'Nearest neighbours of the same kind, samples and real tunes together: 0.5 where nothing tells them apart',
  'distance.frechet': 'Frechet distance of the samples from real tunes',
  'distance.overlap': 'Overlap of the samples with real tunes: 1 where they have the same features',
  'sample.blank': 'Share of blank samples',
  'sample.distinct': 'Share of samples that repeat no other',
};

function charts(log: readonly LogEntry[]): readonly Html[] {
  const steps = log.map(({ step }) => step);
  const names = [...new Set(log.flatMap((entry) => Object.keys(entry)))].filter(
    (name) => name !== 'step' && name !== 'epoch',
  );
  const series = (name: string, shown: string, color: Series['color']): Series => ({
    name: shown,
    color,
    values: log.map((entry) => entry[name] ?? NaN),
  });
  const verdicts = (of: string): readonly Series[] => [
    series(`${of}.judged_real`, 'real', 'a'),
    series(`${of}.ambiguous`, 'ambiguous', 'c'),
    series(`${of}.judged_fake`, 'fake', 'b'),
  ];
  const losses = names.filter((name) => name.endsWith('.loss'));
  const judged = ['real', 'fake'].filter((of) => names.includes(`${of}.judged_real`));
  const known = new Set([
    ...losses,
    ...judged.flatMap((of) => [`${of}.judged_real`, `${of}.ambiguous`, `${of}.judged_fake`]),
  ]);
  const COLORS = ['a', 'b', 'c'] as const;
  return [
    lineChart(
      'Losses',
      steps,
      losses.map((name, i) => series(name, name.replace('.loss', ''), COLORS[i % 3]!)),
    ),
    ...judged.map((of) =>
      shareChart(of === 'real' ? 'Verdicts on real rolls' : 'Verdicts on drawn rolls', steps, verdicts(of)),
    ),
    // Distances, and whatever else a training logs.
    ...names
      .filter((name) => !known.has(name))
      .map((name) => {
        const logged = log.filter((entry) => entry[name] !== undefined); // distances only where samples were drawn
        const values = logged.map((entry) => entry[name]!);
        return lineChart(
          CAPTIONS[name] ?? name,
          logged.map(({ step }) => step),
          [{ name, color: 'a', values }],
        );
      }),
  ];
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
      const small = blankPicture(format.columns, format.pitches, 0);
      drawUnlabeledRoll(small, singleRollFromScore(tune.score, format), { left: 0, top: 0 }, 1, 'light');
      const url = dataUrl('image/png', await pictures.encode(small));
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
  const heads = samples.map(({ epoch }) => html`<th scope="col">epoch ${epoch}</th>`);
  return html`<div class="wide" tabindex="0" role="region" aria-label="Samples over the epochs">
    <table class="strip">
      <thead>
        <tr>
          <td></td>
          ${heads}
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
  const rows: Readonly<Record<string, string>> = {
    network: `${model.architecture}, depth ${model.depth}`,
    dataset: `${dataset.path}: ${dataset.rolls} rolls of ${dataset.origin}`,
    'roll format': describeFormat(dataset.format),
    'dataset digest': dataset.digest,
    engine: `${engine.name} on ${engine.device}, ${engine.threads} threads`,
    batch: String(run.batch),
    epochs: String(run.epochs),
    seed: String(run.seed),
    'log, samples, checkpoints': `every ${run.logEvery} steps, ${run.sampleEvery} epochs, ${run.checkpointEvery} epochs`,
    'checkpoints there': checkpoints.length === 0 ? 'none' : `after step ${checkpoints.join(', ')}`,
    ...(best === undefined ? {} : { 'the best of them': describeBestCheckpoint(best) }),
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
      With a dataset of the digest above (<code>apollo inspect</code> tells it), the same command gives the same bytes:
    </p>
    <pre><code>${train}
apollo export runs/again
apollo compose --model runs/again/model.onnx</code></pre>`;
}

/** Fit for a shell. */
const shellQuoted = (path: string): string => (/^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);
