import { GENERATOR_TENSORS } from '../../domain/model/generator-program.js';
import { drawNoise, noiseShapesOf, interpolateNoise, type Noise } from '../../domain/model/noise.js';
import { UsageError } from '../../domain/errors.js';
import { replaceColumns, addSeamOnsets, type ColumnRange } from '../../domain/roll/replace-columns.js';
import { isBlank, thresholdRoll, type PianoRoll } from '../../domain/roll/piano-roll.js';
import type { Generator } from '../../ports/generator-runtime.js';
import { chooseTune, transposeToKey, type GeneratedTune } from '../../domain/composing/choose-tune.js';
import { extendTune } from '../../domain/composing/extend-tune.js';
import type { NoiseSearch, NoiseSearchFactory } from '../complete/complete.js';
import { planNoise, type NoisePlan, type NoisePlanRequest } from '../../domain/composing/plan-noise.js';

/** Where the tunes of a composition come from. */
export interface TuneSampler {
  /** `seed 7` */
  readonly source: string;
  /** How near the model came to the tune of `--like`, 0..1; null without one. */
  readonly likeness: number | null;
  /** `seed 7, tune 2` */
  title(index: number): string;
  /** Tune `index`, from 1, whatever was drawn before. Its probabilities are left out where nobody asked for them. */
  draw(index: number): Promise<ComposedRoll>;
  release(): Promise<void>;
}

export interface ComposedRoll {
  readonly roll: PianoRoll;
  readonly probabilities?: Float32Array;
}

export interface TuneSamplerRequest extends NoisePlanRequest {
  readonly device: string;
  /** Whether the probabilities are wanted, too. */
  readonly weights?: boolean | undefined;
  readonly threshold?: number | undefined;
}

/** @param search what finds noises, asked for only when the request needs it */
export async function openTuneSampler(
  generator: Generator,
  model: Uint8Array,
  request: TuneSamplerRequest,
  search: () => Promise<NoiseSearchFactory>,
): Promise<TuneSampler> {
  const { like, complete, length } = request;
  const { rollFormat } = generator.metadata;
  if (length !== undefined) checkLength(length, rollFormat.columns);
  const shapes = noiseShapesOf(generator.metadata);
  if (like === undefined && complete === undefined && length === undefined) {
    const plan = planNoise(shapes, request);
    const draw = needsProbabilities(generator, request)
      ? planSampler(generator, plan, request)
      : cellsOnlySampler(generator, plan);
    return { ...draw, likeness: null, release: async () => {} };
  }
  if (complete !== undefined && complete.columns.to > rollFormat.columns) {
    throw new UsageError(
      `columns ${complete.columns.from}-${complete.columns.to} are not all of a roll of ${rollFormat.columns}; keep fewer`,
    );
  }
  const finder = await search();
  const path = like?.path ?? complete?.path;
  const tune = path === undefined ? undefined : await finder.read(path, rollFormat);
  if (tune !== undefined && isBlank(tune))
    throw new UsageError(`${path} has no note in the first ${rollFormat.columns} columns`);
  const noiseSearch = await finder.open(model, request.device, (noise) => probabilitiesOf(generator, noise));
  try {
    const parts = { generator, request, noiseSearch, shapes };
    const release = (): Promise<void> => noiseSearch.release();
    if (like !== undefined) return { ...(await variationSampler(parts, tune!, like.variation)), release };
    if (complete !== undefined)
      return { ...completionSampler(parts, tune!, complete.columns), likeness: null, release };
    return { ...extensionSampler(parts, length!), likeness: null, release };
  } catch (cause) {
    await noiseSearch.release();
    throw cause;
  }
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

/**
 * One tune at a time: on a CPU a batch is no faster (bench/README.md), and so nothing of a tune can depend on how many
 * there are.
 */
function planSampler(
  generator: Generator,
  plan: NoisePlan,
  { threshold, key, density }: TuneSamplerRequest,
): SamplingMethod {
  const { rollFormat, threshold: usual } = generator.metadata;
  const choice = { key, density, threshold: threshold ?? usual };
  return {
    source: plan.source,
    title: (index) => plan.title(index),
    draw: (index) => {
      const drafts = Array.from(plan.candidateNoises(index), (noise) => () => probabilitiesOf(generator, noise()));
      return chooseTune(drafts, rollFormat, choice);
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

/** Tunes as the model draws them at its own threshold. */
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

/** Starts of a search for a tune: from some, the way down ends in a better place. */
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
    title: (index) => `like ${baseName(path)}, variation ${variation}, seed ${seed}, tune ${index}`,
    candidateNoises: (index) => [
      () =>
        interpolateNoise(nearest, drawNoise(shapes, { seed, index: index - 1, truncation }), variation, gradientMask),
    ],
  };
  return { ...planSampler(generator, plan, request), likeness };
}

const zeroNoise = (like: Noise): Noise =>
  new Map([...like].map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.length) }]));

/** Each tune begins with its own noise, so that each seed completes in its own way. */
function completionSampler(
  { generator, request, noiseSearch, shapes }: SamplerContext,
  tune: PianoRoll,
  columns: ColumnRange,
): SamplingMethod {
  const { path } = request.complete!;
  const { seed, truncation } = request;
  return {
    source: `columns ${columns.from}-${columns.to} of ${path}, seed ${seed}`,
    title: (index) => `${baseName(path)} completed, seed ${seed}, tune ${index}`,
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
  own: Noise,
): Promise<GeneratedTune> {
  const { rollFormat, threshold } = generator.metadata;
  const { noise } = await noiseSearch.findNoise({ roll, columns }, [own], own);
  const probabilities = await probabilitiesOf(generator, noise);
  const drawn = thresholdRoll(probabilities, rollFormat, request.threshold ?? threshold);
  const joined = { format: rollFormat, cells: replaceColumns(drawn.cells, roll.cells, rollFormat, columns) };
  return {
    roll: addSeamOnsets(joined, columns.to),
    probabilities: replaceColumns(probabilities, roll.cells, rollFormat, columns),
  };
}

/** A tune of the seed, and sections that go on from it. */
function extensionSampler(parts: SamplerContext, length: number): SamplingMethod {
  const { generator, request, shapes } = parts;
  const { seed, truncation, key } = request;
  const first = planSampler(generator, planNoise(shapes, request), request);
  return {
    ...first,
    draw: async (index) => {
      const whole = await extendTune(await first.draw(index), length, (begun, kept, part) => {
        const own = drawNoise(shapes, { seed, index: index - 1, attempt: part, truncation });
        return completeTune(parts, begun, { from: 0, to: kept }, own);
      });
      return key === undefined ? whole : transposeToKey(whole, key);
    },
  };
}

function checkLength(length: number, columns: number): void {
  if (length > columns && length % 8 === 0) return;
  throw new UsageError(
    `the length must be a multiple of 8 columns and more than the ${columns} of one roll, got ${length}`,
  );
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
