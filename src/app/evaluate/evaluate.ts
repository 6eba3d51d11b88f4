import { AlreadyExistsError, UnusableSourcesError } from '../../domain/errors.js';
import { assess, MIN_COMPARED_TUNES, type Assessment } from '../../domain/evaluation/assessment.js';
import { FEATURES, extractFeatures } from '../../domain/evaluation/features/feature-extraction.js';
import { isNearCopy, repeatsEarlier, type Guards } from '../../domain/evaluation/guards.js';
import { bitsOfRoll } from '../../domain/evaluation/roll-bits.js';
import { sourceTunes } from '../../domain/evaluation/source-tunes.js';
import { seededSubset, splitInHalves } from '../../domain/evaluation/split-in-halves.js';
import { featureStatistics, type FeatureVector } from '../../domain/evaluation/standardize.js';
import { unpackRoll, type PianoRoll } from '../../domain/roll/piano-roll.js';
import type { Console } from '../../ports/console.js';
import type { Dataset, DatasetStore } from '../../ports/dataset-store.js';
import type { FileStore } from '../../ports/file-store.js';
import {
  formatTuneCount,
  yieldAndCheckAborted,
  type Yielding,
  type ModelSamplingOptions,
  type ReadEvaluatedTunes,
} from './read-evaluated-tunes.js';
import type { EvaluatedFeature, EvaluateResult, AnalyzedTune, TrainingRoll } from './evaluation-result.js';
import type { RenderEvaluationPage } from './evaluation-page.js';

export interface EvaluateRequest {
  /** A model, a dataset, or MIDI files. */
  readonly path: string;
  /** The dataset of real tunes. */
  readonly against: string;
  readonly sampling: ModelSamplingOptions;
  /** The HTML file to write, if any. */
  readonly report: string | undefined;
  /** Whether a file that stands there gives way. */
  readonly replace: boolean;
}

export type Evaluate = (request: EvaluateRequest) => Promise<EvaluateResult>;

export interface EvaluatePorts extends Yielding {
  readonly readEvaluatedTunes: ReadEvaluatedTunes;
  readonly datasets: DatasetStore;
  readonly files: FileStore;
  readonly console: Console;
  /** Loaded when a report is asked for. */
  readonly loadRenderEvaluationPage: () => Promise<RenderEvaluationPage>;
}

/** Sets are cut to this, so that comparing everything with everything ends. */
const MAX_TUNES = 2000;

/** Judges tunes by their distance from real ones, beside what other real tunes score in the same comparison. */
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
  const sources = sourceTunes(dataset.manifest);
  const halves = splitInHalves(sources);
  if (halves.sample.length < MIN_COMPARED_TUNES) {
    const found = halves.reference.length + halves.sample.length;
    throw new UnusableSourcesError(
      `the dataset ${against} holds ${formatTuneCount(found)}; a comparison needs 4 or more: half of them to compare with, half to show what real tunes score`,
    );
  }
  const set = await ports.readEvaluatedTunes(path, { format, preparation }, sampling);
  if (set.rolls.length < MIN_COMPARED_TUNES) {
    throw new UnusableSourcesError(
      `there is ${set.rolls.length === 0 ? 'no tune' : 'only 1 tune'} to evaluate in ${path}; distances need 2 or more`,
    );
  }
  const judge = featureExtractor(ports, format);
  const evaluated = await judge(seededSubset(set.rolls, MAX_TUNES), 'evaluated tunes');
  const packedOf = (indices: readonly number[]): readonly Uint8Array[] =>
    indices.map((index) => dataset.packedRoll(index));
  const reference = await judge(packedOf(seededSubset(halves.reference, MAX_TUNES)), 'reference tunes');
  const sampled = halves.sample.slice(0, evaluated.length);
  const sample = await judge(packedOf(sampled), 'other real tunes');

  const training = sources.flatMap(({ name, piece, rolls }) =>
    rolls.map((index) => ({ name, piece, index, bits: bitsOfRoll(unpackRoll(dataset.packedRoll(index), format)) })),
  );
  const pieceOf = new Map(training.map(({ index, piece }) => [index, piece]));
  const guards = {
    evaluated: await computeGuards(evaluated, () => training, ports, 'tunes looked for copies'),
    // A real tune is no copy of itself.
    realTunes: await computeGuards(
      sample,
      (i) => training.filter(({ piece }) => piece !== pieceOf.get(sampled[i]!)),
      ports,
      'real tunes looked for copies',
    ),
  };
  const vectors = (judged: readonly AnalyzedTune[]): FeatureVector[] => judged.map(({ features }) => features);
  const [own, real] = [assess(vectors(evaluated), vectors(reference)), assess(vectors(sample), vectors(reference))];
  const result: EvaluateResult = {
    path,
    kind: set.kind,
    description: set.description,
    against,
    datasetDigest: digest,
    tunes: { evaluated: evaluated.length, reference: reference.length, realTunes: sample.length },
    distances: { evaluated: own.distances, realTunes: real.distances },
    guards,
    features: compareFeatures(own, real, vectors(reference)),
    notices: [...set.notices, ...sizeNotices(set.rolls.length, evaluated.length, sample.length)],
    report,
  };
  if (report !== null) {
    const page = await ports.loadRenderEvaluationPage();
    const text = await page({
      result,
      evaluated,
      reference,
      training,
      rollOf: (index) => unpackRoll(dataset.packedRoll(index), format),
    });
    await ports.files.write(report, new TextEncoder().encode(text));
  }
  return result;
}

function featureExtractor(ports: EvaluatePorts, format: PianoRoll['format']) {
  return async (packed: readonly Uint8Array[], unit: string): Promise<readonly AnalyzedTune[]> => {
    const judged: AnalyzedTune[] = [];
    for (const bytes of packed) {
      await yieldAndCheckAborted(ports);
      const roll = unpackRoll(bytes, format);
      judged.push({ roll, features: extractFeatures(roll), bits: bitsOfRoll(roll) });
      ports.console.progress({ done: judged.length, total: packed.length, unit });
    }
    return judged;
  };
}

async function computeGuards(
  judged: readonly AnalyzedTune[],
  trainingFor: (index: number) => readonly TrainingRoll[],
  ports: EvaluatePorts,
  unit: string,
): Promise<Guards> {
  const rolls = judged.map(({ bits }) => bits);
  let [blank, distinct, copies] = [0, 0, 0];
  for (const [i, bits] of rolls.entries()) {
    await yieldAndCheckAborted(ports);
    if (bits.soundingCells === 0) blank++;
    if (!repeatsEarlier(rolls, i)) distinct++;
    if (trainingFor(i).some((tune) => isNearCopy(bits, tune.bits))) copies++;
    ports.console.progress({ done: i + 1, total: rolls.length, unit });
  }
  return { blank: blank / rolls.length, distinct: distinct / rolls.length, copies: copies / rolls.length };
}

function compareFeatures(
  own: Assessment,
  real: Assessment,
  reference: readonly FeatureVector[],
): readonly EvaluatedFeature[] {
  const { mean, deviation } = featureStatistics(reference);
  return FEATURES.map(({ name, unit, meaning }, i) => {
    const [{ name: _own, ...evaluated }, { name: _real, ...realTunes }] = [own.features[i]!, real.features[i]!];
    return { name, unit, meaning, evaluated, realTunes, reference: { mean: mean[i]!, deviation: deviation[i]! } };
  });
}

function sizeNotices(found: number, evaluated: number, realTunes: number): readonly string[] {
  return [
    ...(found > evaluated ? [`of ${found} tunes ${evaluated} were taken, by chance but the same ones every time`] : []),
    ...(evaluated > realTunes
      ? [
          `there are only ${realTunes} other real tunes: the smaller a set, the larger its Frechet distance, so theirs is too large beside that of ${evaluated}`,
        ]
      : []),
    ...(evaluated < MIN_RELIABLE_TUNES
      ? [`${evaluated} tunes are few: distances of fewer than ${MIN_RELIABLE_TUNES} are mostly chance`]
      : []),
  ];
}

/** More than there are features. */
const MIN_RELIABLE_TUNES = 50;
