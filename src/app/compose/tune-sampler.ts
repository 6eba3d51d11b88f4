import { GENERATOR_TENSORS } from '../../domain/model/generator-program.js';
import { drawNoise, noiseShapesOf, interpolateNoise, type Noise } from '../../domain/model/noise.js';
import { UsageError } from '../../domain/errors.js';
import { replaceColumns, addSeamOnsets, type ColumnRange } from '../../domain/roll/replace-columns.js';
import { isBlank, thresholdRoll, type PianoRoll } from '../../domain/roll/piano-roll.js';
import type { RollFormat } from '../../domain/roll/roll-format.js';
import type { Generator } from '../../ports/generator-runtime.js';
import { chooseTune, transposeToKey, type GeneratedTune } from '../../domain/composing/choose-tune.js';
import { extendTune } from '../../domain/composing/extend-tune.js';
import type { NoiseSearch, NoiseSearchFactory } from '../complete/complete.js';
import { fileName } from '../tunes/file-name.js';
import { planNoise, type NoisePlan, type NoisePlanRequest } from '../../domain/composing/plan-noise.js';

/** Draws the tunes of one composition. */
export interface TuneSampler {
  /** Such as `seed 7`. */
  readonly source: string;
  /** Intersection over union of the tune of `--like` and the closest one of the model, 0..1; null without `--like`. */
  readonly likeness: number | null;
  /** Such as `seed 7, tune 2`. */
  title(index: number): string;
  /** Draws tune `index`, counted from 1. It does not depend on the tunes drawn before. */
  draw(index: number): Promise<ComposedRoll>;
  release(): Promise<void>;
}

export interface ComposedRoll {
  readonly roll: PianoRoll;
  /** [channels, pitches, columns], 0..1; may be absent unless they are requested. */
  readonly probabilities?: Float32Array;
}

interface TuneSamplerRequest extends NoisePlanRequest {
  readonly device: string;
  /** Whether the probabilities are requested. */
  readonly weights?: boolean | undefined;
  readonly threshold?: number | undefined;
}

/**
 * Opens the sampler for a request: of a seed, between two seeds, like a tune, completing one, or longer than a roll.
 * @param loadNoiseSearchFactory called only if the request needs a noise search
 */
export async function openTuneSampler(
  generator: Generator,
  model: Uint8Array,
  request: TuneSamplerRequest,
  loadNoiseSearchFactory: () => Promise<NoiseSearchFactory>,
): Promise<TuneSampler> {
  const { like, complete, length } = request;
  const { rollFormat } = generator.metadata;
  if (length !== undefined) checkLength(length, rollFormat.columns);
  const shapes = noiseShapesOf(generator.metadata);
  if (like === undefined && complete === undefined && length === undefined) {
    const plan = planNoise(shapes, request);
    const method = needsProbabilities(generator, request)
      ? planSampler(generator, plan, request)
      : cellsOnlySampler(generator, plan);
    return { ...method, likeness: null, release: async () => {} };
  }
  if (complete !== undefined) checkColumns(complete.columns, rollFormat.columns);
  const noiseSearchFactory = await loadNoiseSearchFactory();
  const path = like?.path ?? complete?.path;
  const tune = path === undefined ? undefined : await readTune(noiseSearchFactory, path, rollFormat);
  const noiseSearch = await noiseSearchFactory.open(model, request.device, (noise) =>
    probabilitiesOf(generator, noise),
  );
  try {
    const context = { generator, request, noiseSearch, shapes };
    const release = (): Promise<void> => noiseSearch.release();
    if (like !== undefined) return { ...(await variationSampler(context, tune!, like.variation)), release };
    if (complete !== undefined)
      return { ...completionSampler(context, tune!, complete.columns), likeness: null, release };
    return { ...extensionSampler(context, length!), likeness: null, release };
  } catch (cause) {
    await noiseSearch.release();
    throw cause;
  }
}

async function readTune(noiseSearchFactory: NoiseSearchFactory, path: string, format: RollFormat): Promise<PianoRoll> {
  const tune = await noiseSearchFactory.read(path, format);
  if (isBlank(tune)) throw new UsageError(`${path} has no note in the first ${format.columns} columns`);
  return tune;
}

interface SamplerContext {
  readonly generator: Generator;
  readonly request: TuneSamplerRequest;
  readonly noiseSearch: NoiseSearch;
  readonly shapes: ReturnType<typeof noiseShapesOf>;
}

type SamplingMethod = Pick<TuneSampler, 'source' | 'title'> & { draw(index: number): Promise<GeneratedTune> };

const probabilitiesOf = (generator: Generator, noise: Noise): Promise<Float32Array> =>
  generator.generate(noise.get(GENERATOR_TENSORS.noise)!.data, 1);

/** Draws one tune at a time: a batch is no faster on a CPU (bench/README.md), and a tune cannot depend on the count. */
function planSampler(
  generator: Generator,
  plan: NoisePlan,
  { threshold, key, density }: TuneSamplerRequest,
): SamplingMethod {
  const { rollFormat, threshold: defaultThreshold } = generator.metadata;
  const criteria = { key, density, threshold: threshold ?? defaultThreshold };
  return {
    source: plan.source,
    title: (index) => plan.title(index),
    draw: (index) => {
      const drafts = Array.from(plan.candidateNoises(index), (noise) => () => probabilitiesOf(generator, noise()));
      return chooseTune(drafts, rollFormat, criteria);
    },
  };
}

const needsProbabilities = (
  { metadata }: Generator,
  { weights, key, density, threshold }: TuneSamplerRequest,
): boolean =>
  weights === true ||
  key !== undefined ||
  density !== undefined ||
  (threshold !== undefined && threshold !== metadata.threshold);

/** Draws the cells of the model at its own threshold, which is faster than drawing probabilities. */
function cellsOnlySampler(generator: Generator, plan: NoisePlan): Pick<TuneSampler, 'source' | 'title' | 'draw'> {
  return {
    source: plan.source,
    title: (index) => plan.title(index),
    draw: async (index) => {
      const [noise] = plan.candidateNoises(index);
      const cells = await generator.generateCells(noise!().get(GENERATOR_TENSORS.noise)!.data, 1);
      return { roll: { format: generator.metadata.rollFormat, cells } };
    },
  };
}

/** Starts of a search for a tune: gradient descent ends in a different local minimum from each. */
const SEARCH_STARTS = 16;

async function variationSampler(
  { generator, request, noiseSearch, shapes }: SamplerContext,
  roll: PianoRoll,
  variation: number,
): Promise<SamplingMethod & { readonly likeness: number }> {
  const { seed, truncation } = request;
  const starts = Array.from({ length: SEARCH_STARTS }, (_, attempt) =>
    drawNoise(shapes, { seed: 0, index: 0, attempt }),
  );
  const {
    noise: nearest,
    likeness,
    gradientMask,
  } = await noiseSearch.findNoise({ roll }, starts, zeroNoise(starts[0]!));
  const { path } = request.like!;
  const plan: NoisePlan = {
    source: `${path}, varied by ${variation}, seed ${seed}`,
    title: (index) => `like ${fileName(path)}, variation ${variation}, seed ${seed}, tune ${index}`,
    candidateNoises: (index) => [
      () =>
        interpolateNoise(nearest, drawNoise(shapes, { seed, index: index - 1, truncation }), variation, gradientMask),
    ],
  };
  return { ...planSampler(generator, plan, request), likeness };
}

const zeroNoise = (shapedLike: Noise): Noise =>
  new Map([...shapedLike].map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.length) }]));

/** Starts the search for each tune at the noise of its own seed and index, so that each completion differs. */
function completionSampler(
  { generator, request, noiseSearch, shapes }: SamplerContext,
  tune: PianoRoll,
  columns: ColumnRange,
): SamplingMethod {
  const { path } = request.complete!;
  const { seed, truncation } = request;
  return {
    source: `columns ${columns.from}-${columns.to} of ${path}, seed ${seed}`,
    title: (index) => `${fileName(path)} completed, seed ${seed}, tune ${index}`,
    draw: (index) =>
      completeTune(
        { generator, request, noiseSearch },
        tune,
        columns,
        drawNoise(shapes, { seed, index: index - 1, truncation }),
      ),
  };
}

async function completeTune(
  { generator, request, noiseSearch }: Pick<SamplerContext, 'generator' | 'request' | 'noiseSearch'>,
  roll: PianoRoll,
  columns: ColumnRange,
  start: Noise,
): Promise<GeneratedTune> {
  const { rollFormat, threshold } = generator.metadata;
  const { noise } = await noiseSearch.findNoise({ roll, columns }, [start], start);
  const probabilities = await probabilitiesOf(generator, noise);
  const drawn = thresholdRoll(probabilities, rollFormat, request.threshold ?? threshold);
  const joined = { format: rollFormat, cells: replaceColumns(drawn.cells, roll.cells, rollFormat, columns) };
  return {
    roll: addSeamOnsets(joined, columns.to),
    probabilities: replaceColumns(probabilities, roll.cells, rollFormat, columns),
  };
}

/** Draws a tune of the seed and extends it section by section. */
function extensionSampler(context: SamplerContext, length: number): SamplingMethod {
  const { generator, request, shapes } = context;
  const { seed, truncation, key } = request;
  const first = planSampler(generator, planNoise(shapes, request), request);
  return {
    ...first,
    draw: async (index) => {
      const whole = await extendTune(await first.draw(index), length, (begun, kept, part) => {
        const start = drawNoise(shapes, { seed, index: index - 1, attempt: part, truncation });
        return completeTune(context, begun, { from: 0, to: kept }, start);
      });
      return key === undefined ? whole : transposeToKey(whole, key);
    },
  };
}

function checkColumns({ from, to }: ColumnRange, columns: number): void {
  if (to <= columns) return;
  throw new UsageError(`columns ${from}-${to} end after the ${columns} columns of a roll; keep fewer columns`);
}

function checkLength(length: number, columns: number): void {
  if (length > columns && length % 8 === 0) return;
  throw new UsageError(
    `the length must be a multiple of 8 columns and more than the ${columns} of one roll, got ${length}`,
  );
}
