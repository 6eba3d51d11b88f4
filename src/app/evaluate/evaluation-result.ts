import type { Distances } from '../../domain/evaluation/assessment.js';
import type { FeatureUnit } from '../../domain/evaluation/features/feature.js';
import type { Guards } from '../../domain/evaluation/guards.js';
import type { RollBits } from '../../domain/evaluation/roll-bits.js';
import type { FeatureVector } from '../../domain/evaluation/standardize.js';
import type { PianoRoll } from '../../domain/roll/piano-roll.js';
import type { EvaluatedTunes } from './read-evaluated-tunes.js';

/** A value for the evaluated tunes, and the same value for other real tunes as a baseline. */
export interface WithBaseline<T> {
  readonly evaluated: T;
  readonly realTunes: T;
}

export interface EvaluatedFeature extends WithBaseline<{
  readonly mean: number;
  readonly deviation: number;
  readonly overlap: number;
}> {
  readonly name: string;
  readonly unit: FeatureUnit;
  readonly meaning: string;
  readonly reference: { readonly mean: number; readonly deviation: number };
}

export interface EvaluateResult {
  readonly path: string;
  readonly kind: EvaluatedTunes['kind'];
  readonly description: string;
  readonly against: string;
  readonly datasetDigest: string;
  /** Sizes of the evaluated set, the reference, and the sample of other real tunes. */
  readonly tunes: WithBaseline<number> & { readonly reference: number };
  readonly distances: WithBaseline<Distances>;
  readonly guards: WithBaseline<Guards>;
  readonly features: readonly EvaluatedFeature[];
  readonly notices: readonly string[];
  /** The HTML file that was written; null if none was asked for. */
  readonly report: string | null;
}

/** A tune and what is computed from it. */
export interface AnalyzedTune {
  readonly roll: PianoRoll;
  readonly features: FeatureVector;
  readonly bits: RollBits;
}

/** A roll of the dataset. */
export interface TrainingRoll {
  readonly name: string;
  readonly piece: string;
  readonly bits: RollBits;
  /** Index of the roll in the dataset. */
  readonly index: number;
}

/** The sets of a comparison. */
export interface ComparedSets {
  readonly evaluated: readonly AnalyzedTune[];
  /** Real tunes that both other sets are compared with. */
  readonly reference: readonly AnalyzedTune[];
  /** Other real tunes, the baseline. */
  readonly realTunes: readonly AnalyzedTune[];
  /** The index in the dataset of each of the other real tunes. */
  readonly realIndices: readonly number[];
}
