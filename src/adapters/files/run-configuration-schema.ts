import { z } from 'zod';
import { RUN_VERSION } from '../../domain/training/run-configuration.js';

const count = z.int().min(1);

/** run.json. The roll format's ranges are the domain's to check. */
export const runConfigurationSchema = z.strictObject({
  version: z.literal(RUN_VERSION),
  model: z.strictObject({ architecture: z.string(), depth: count }),
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
