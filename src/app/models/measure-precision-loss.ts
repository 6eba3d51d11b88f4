import type { PrecisionLoss, ReducedPrecision } from '../../domain/model/precision.js';
import { normals, randomStream } from '../../domain/random.js';
import { sizeOf } from '../../domain/tensor/tensor.js';
import type { Generator, GeneratorRuntime } from '../../ports/generator-runtime.js';

/** Enough to see a change of one cell in ten thousand, and generated in a short time. */
const TUNES_COMPARED = 64;

/** Generates the same tunes with both model files, one after the other, and counts the cells that differ. */
export async function measurePrecisionLoss(
  runtime: GeneratorRuntime,
  weights: ReducedPrecision,
  exactModel: Uint8Array,
  reducedModel: Uint8Array,
): Promise<PrecisionLoss> {
  const generators: Generator[] = [];
  try {
    for (const model of [exactModel, reducedModel]) generators.push(await runtime.load(model, 'cpu'));
    const [exact, reduced] = generators as [Generator, Generator];
    const { threshold, noiseShape } = exact.metadata;
    let [cells, sounding, changed, mostInATune, largestError] = [0, 0, 0, 0, 0];
    for (let tune = 0; tune < TUNES_COMPARED; tune++) {
      const noise = normals(randomStream(1, 'precision', tune), sizeOf(noiseShape));
      const [x, y] = [await exact.generate(noise, 1), await reduced.generate(noise, 1)];
      let changedInTune = 0;
      for (let i = 0; i < x.length; i++) {
        const [before, after] = [x[i]! >= threshold, y[i]! >= threshold];
        if (before) sounding++;
        if (before !== after) changedInTune++;
        largestError = Math.max(largestError, Math.abs(x[i]! - y[i]!));
      }
      cells += x.length;
      changed += changedInTune;
      mostInATune = Math.max(mostInATune, changedInTune);
    }
    return { weights, tunes: TUNES_COMPARED, cells, sounding, changed, mostInATune, largestError };
  } finally {
    for (const generator of generators) await generator.release();
  }
}
