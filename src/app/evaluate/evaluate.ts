import { AlreadyExistsError, UnusableSourcesError } from '../../domain/errors.js';
import { assess, MIN_COMPARED_TUNES, type Assessment } from '../../domain/evaluation/assessment.js';
import { FEATURES } from '../../domain/evaluation/features/feature-extraction.js';
import { bitsOfRoll } from '../../domain/evaluation/roll-bits.js';
import { sourceTunes } from '../../domain/evaluation/source-tunes.js';
import { seededSubset, splitInHalves } from '../../domain/evaluation/split-in-halves.js';
import { featureStatistics, type FeatureVector } from '../../domain/evaluation/standardize.js';
import { unpackRoll } from '../../domain/roll/piano-roll.js';
import { formatCount } from '../../domain/text.js';
import type { Console } from '../../ports/console.js';
import type { Dataset, DatasetStore } from '../../ports/dataset-store.js';
import type { FileStore } from '../../ports/file-store.js';
import { analyzeTunes, computeGuardsOfSets } from './analyze-tunes.js';
import { describeSetSizes } from './describe.js';
import type { RenderEvaluationPage } from './evaluation-page.js';
import type {
  AnalyzedTune,
  ComparedSets,
  EvaluatedFeature,
  EvaluateResult,
  TrainingRoll,
} from './evaluation-result.js';
import type { EvaluatedTunes, ModelSamplingOptions, ReadEvaluatedTunes, Yielding } from './read-evaluated-tunes.js';

export interface EvaluateRequest {
  /** Path of a model, a dataset, a MIDI file or a folder of MIDI files. */
  readonly path: string;
  /** Path of the dataset of real tunes. */
  readonly against: string;
  readonly sampling: ModelSamplingOptions;
  /** The HTML file to write, if any. */
  readonly report: string | undefined;
  /** Whether to replace an existing file. */
  readonly replace: boolean;
}

export type Evaluate = (request: EvaluateRequest) => Promise<EvaluateResult>;

interface EvaluatePorts extends Yielding {
  readonly readEvaluatedTunes: ReadEvaluatedTunes;
  readonly datasets: DatasetStore;
  readonly files: FileStore;
  readonly console: Console;
  /** Called only if a report is asked for. */
  readonly loadRenderEvaluationPage: () => Promise<RenderEvaluationPage>;
}

/** Larger sets are cut to this size, because the time of a comparison grows with the product of the sizes. */
const MAX_TUNES = 2000;

/** Compares tunes with real ones, and as a baseline compares other real tunes with the same ones. */
export const createEvaluate =
  (ports: EvaluatePorts): Evaluate =>
  async (request) => {
    const { files, datasets } = ports;
    if (request.report !== undefined && !request.replace && (await files.kind(request.report)) !== 'absent') {
      throw new AlreadyExistsError(`${request.report} exists already; use --force to replace it, or another --report`);
    }
    const dataset = await datasets.open(request.against);
    try {
      return await evaluateAgainst(dataset, request, ports);
    } finally {
      await dataset.close();
    }
  };

async function evaluateAgainst(
  dataset: Dataset,
  request: EvaluateRequest,
  ports: EvaluatePorts,
): Promise<EvaluateResult> {
  const { path, against, sampling, report = null } = request;
  const { format, digest, preparation } = dataset.manifest;
  const halves = splitDataset(dataset, against);
  const tunes = await ports.readEvaluatedTunes(path, { format, preparation }, sampling);
  checkEnoughTunes(tunes, path);
  const sets = await analyzeSets(tunes, halves, dataset, ports);
  const training = trainingRollsOf(dataset);
  const guards = await computeGuardsOfSets(sets, training, ports);
  const { evaluated, reference, realTunes } = sets;
  const referenceFeatures = featuresOf(reference);
  const assessments = [evaluated, realTunes].map((set) => assess(featuresOf(set), referenceFeatures));
  const [ofEvaluated, ofRealTunes] = assessments as [Assessment, Assessment];
  const result: EvaluateResult = {
    path,
    kind: tunes.kind,
    description: tunes.description,
    against,
    datasetDigest: digest,
    tunes: { evaluated: evaluated.length, reference: reference.length, realTunes: realTunes.length },
    distances: { evaluated: ofEvaluated.distances, realTunes: ofRealTunes.distances },
    guards,
    features: compareFeatures(ofEvaluated, ofRealTunes, referenceFeatures),
    notices: [...tunes.notices, ...describeSetSizes(tunes.rolls.length, evaluated.length, realTunes.length)],
    report,
  };
  if (report !== null) await writeReport(report, result, { ...sets, training, dataset }, ports);
  return result;
}

/** Indices of the dataset's rolls: those that both sets are compared with, and those of the baseline. */
interface DatasetHalves {
  readonly reference: readonly number[];
  readonly sample: readonly number[];
}

/** @throws UnusableSourcesError when the dataset has too few tunes */
function splitDataset({ manifest }: Dataset, path: string): DatasetHalves {
  const halves = splitInHalves(sourceTunes(manifest));
  if (halves.sample.length < MIN_COMPARED_TUNES) {
    const count = halves.reference.length + halves.sample.length;
    throw new UnusableSourcesError(
      `the dataset ${path} holds ${formatCount(count, 'tune')}; a comparison needs 4 or more: ` +
        'half of them to compare with, half to show what real tunes score',
    );
  }
  return halves;
}

/** @throws UnusableSourcesError when there are too few tunes for a distance */
function checkEnoughTunes({ rolls }: EvaluatedTunes, path: string): void {
  if (rolls.length >= MIN_COMPARED_TUNES) return;
  const found = rolls.length === 0 ? 'no tune' : 'only 1 tune';
  throw new UnusableSourcesError(`there is ${found} to evaluate in ${path}; distances need 2 or more`);
}

/** The baseline is cut to the size of the evaluated set where it can be, because distances depend on the size. */
async function analyzeSets(
  tunes: EvaluatedTunes,
  halves: DatasetHalves,
  dataset: Dataset,
  ports: EvaluatePorts,
): Promise<ComparedSets> {
  const { format } = dataset.manifest;
  const packedRolls = (indices: readonly number[]): readonly Uint8Array[] =>
    indices.map((index) => dataset.packedRoll(index));
  const evaluated = await analyzeTunes(seededSubset(tunes.rolls, MAX_TUNES), format, ports, 'evaluated tunes');
  const referenceRolls = packedRolls(seededSubset(halves.reference, MAX_TUNES));
  const reference = await analyzeTunes(referenceRolls, format, ports, 'reference tunes');
  const realIndices = halves.sample.slice(0, evaluated.length);
  const realTunes = await analyzeTunes(packedRolls(realIndices), format, ports, 'other real tunes');
  return { evaluated, reference, realTunes, realIndices };
}

function trainingRollsOf(dataset: Dataset): readonly TrainingRoll[] {
  const { format } = dataset.manifest;
  return sourceTunes(dataset.manifest).flatMap(({ name, piece, rolls }) =>
    rolls.map((index) => ({ name, piece, index, bits: bitsOfRoll(unpackRoll(dataset.packedRoll(index), format)) })),
  );
}

const featuresOf = (tunes: readonly AnalyzedTune[]): FeatureVector[] => tunes.map(({ features }) => features);

function compareFeatures(
  ofEvaluated: Assessment,
  ofRealTunes: Assessment,
  reference: readonly FeatureVector[],
): readonly EvaluatedFeature[] {
  const { mean, deviation } = featureStatistics(reference);
  return FEATURES.map(({ name, unit, meaning }, i) => {
    const { name: _evaluated, ...evaluated } = ofEvaluated.features[i]!;
    const { name: _real, ...realTunes } = ofRealTunes.features[i]!;
    return { name, unit, meaning, evaluated, realTunes, reference: { mean: mean[i]!, deviation: deviation[i]! } };
  });
}

interface ReportContent extends ComparedSets {
  readonly training: readonly TrainingRoll[];
  readonly dataset: Dataset;
}

async function writeReport(
  path: string,
  result: EvaluateResult,
  { evaluated, reference, training, dataset }: ReportContent,
  { files, loadRenderEvaluationPage }: EvaluatePorts,
): Promise<void> {
  const renderPage = await loadRenderEvaluationPage();
  const text = await renderPage({
    result,
    evaluated,
    reference,
    training,
    rollOf: (index) => unpackRoll(dataset.packedRoll(index), dataset.manifest.format),
  });
  await files.write(path, new TextEncoder().encode(text));
}
