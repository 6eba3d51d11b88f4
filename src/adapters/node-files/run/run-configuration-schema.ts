import { z } from 'zod';
import { parseTunePlan } from '../../../domain/model/tune/tune-plan.js';
import { RUN_VERSION } from '../../../domain/training/run-configuration.js';

const count = z.int().min(1);
const row = z.int().min(0).max(127);

/** run.json. The roll format's ranges are the domain's to check. */
export const runConfigurationSchema = z.strictObject({
  version: z.literal(RUN_VERSION),
  model: z.strictObject({
    architecture: z.string(),
    depth: count,
    recipe: z.record(z.string(), z.number()).optional(),
    vocabulary: z
      .strictObject({
        melody: z.strictObject({ lowest: z.int().min(-5).max(133), rows: count }),
        chords: z.array(z.array(z.int().min(0).max(11)).min(1)).min(1),
        voicings: z.array(z.array(z.array(row).min(1))).length(12),
        forms: z.array(z.string().refine((text) => parseTunePlan(text) !== undefined, 'no form of a tune')).min(1),
      })
      .optional(),
  }),
  dataset: z.strictObject({
    path: z.string(),
    digest: z.string().regex(/^[0-9a-f]{64}$/),
    origin: z.string(),
    rolls: count,
    format: z.strictObject({
      lowestPitch: z.int(),
      pitches: z.int(),
      columns: z.int(),
      columnsPerBeat: z.int(),
      channels: z.array(z.strictObject({ voice: z.string(), kind: z.enum(['sustain', 'onset']) })),
    }),
  }),
  engine: z.strictObject({ name: z.string(), device: z.string(), threads: count }),
  batch: count,
  epochs: count,
  seed: z.int().min(0),
  logEvery: count,
  sampleEvery: count,
  checkpointEvery: count,
});
