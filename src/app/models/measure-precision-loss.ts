import type { PrecisionLoss, ReducedPrecision } from '../../domain/model/precision.js';
import { normals, randomStream } from '../../domain/random.js';
import { formatInteger } from '../../domain/text.js';
import { sizeOf } from '../../domain/tensor/tensor.js';
import type { Generator, GeneratorRuntime } from '../../ports/generator-runtime.js';

/** Enough to say of one cell in ten thousand, and soon drawn. */
export const TUNES_COMPARED = 64;

/** Draws the same tunes by both files, one after the other, and counts the cells that are not the same. */
export async function measurePrecisionLoss(
  runtime: GeneratorRuntime,
  weights: ReducedPrecision,
  exact: Uint8Array,
  small: Uint8Array,
): Promise<PrecisionLoss> {
  const generators: Generator[] = [];
  try {
    for (const model of [exact, small]) generators.push(await runtime.load(model, 'cpu'));
    const [a, b] = generators as [Generator, Generator];
    const { threshold, noiseShape } = a.metadata;
    let [cells, sounding, changed, mostInATune, largestError] = [0, 0, 0, 0, 0];
    for (let tune = 0; tune < TUNES_COMPARED; tune++) {
      const noise = normals(randomStream(1, 'precision', tune), sizeOf(noiseShape));
      const [x, y] = [await a.generate(noise, 1), await b.generate(noise, 1)];
      let inTune = 0;
      for (let i = 0; i < x.length; i++) {
        const [before, after] = [x[i]! >= threshold, y[i]! >= threshold];
        if (before) sounding++;
        if (before !== after) inTune++;
        largestError = Math.max(largestError, Math.abs(x[i]! - y[i]!));
      }
      cells += x.length;
      changed += inTune;
      mostInATune = Math.max(mostInATune, inTune);
    }
    return { weights, tunes: TUNES_COMPARED, cells, sounding, changed, mostInATune, largestError };
  } finally {
    for (const generator of generators) await generator.release();
  }
}

/** `weights in int8: beside float32, 12 of 1,048,576 cells of 64 tunes change (0.0011 %; 25,640 sound), 0.19 a tune, 2 in the worst; ...` */
export function describePrecisionLoss(loss: PrecisionLoss): string {
  const { weights, tunes, cells, sounding, changed, mostInATune, largestError } = loss;
  return (
    `weights in ${weights}: beside float32, ${formatInteger(changed)} of ${formatInteger(cells)} cells of ${tunes} tunes change ` +
    `(${short((100 * changed) / cells)} %; ${formatInteger(sounding)} sound), ${short(changed / tunes)} a tune, ` +
    `${formatInteger(mostInATune)} in the worst; certainties by ${short(largestError)} at most`
  );
}

/** Two digits. */
const short = (x: number): number => Number(x.toPrecision(2));
