import type { Distances } from '../../domain/evaluation/assessment.js';
import type { FeatureUnit } from '../../domain/evaluation/features/feature.js';
import type { Guards } from '../../domain/evaluation/guards.js';
import type { RollBits } from '../../domain/evaluation/roll-bits.js';
import type { FeatureVector } from '../../domain/evaluation/standardize.js';
import type { PianoRoll } from '../../domain/roll/piano-roll.js';
import type { EvaluatedTunes } from './read-evaluated-tunes.js';

/** A figure of what is evaluated, and the same of other real tunes. */
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
  /** How many tunes: evaluated, of the reference, and in the sample of other real tunes. */
  readonly tunes: WithBaseline<number> & { readonly reference: number };
  readonly distances: WithBaseline<Distances>;
  readonly guards: WithBaseline<Guards>;
  readonly features: readonly EvaluatedFeature[];
  readonly notices: readonly string[];
  /** As asked for; null for none. */
  readonly report: string | null;
}

/** A tune with what is computed of it. */
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
  /** In the dataset. */
  readonly index: number;
}
