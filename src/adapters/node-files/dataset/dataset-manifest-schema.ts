import { z } from 'zod';
import { DATASET_VERSION } from '../../../domain/dataset/manifest.js';

const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const format = z.strictObject({
  lowestPitch: z.int(),
  pitches: z.int(),
  columns: z.int(),
  columnsPerBeat: z.int(),
  channels: z.array(z.strictObject({ voice: z.string(), kind: z.enum(['sustain', 'onset']) })),
});

const source = z.strictObject({
  name: z.string(),
  outcome: z.enum(['used', 'damaged', 'empty', 'refused']),
  sha256: sha256.optional(),
  reason: z.string().optional(),
  code: z.string().optional(),
  offset: count.optional(),
  rolls: count,
  notes: count,
  notesOutside: count,
});

/** dataset.json without its own digest. */
export const manifestSchema = z.strictObject({
  version: z.literal(DATASET_VERSION),
  format,
  preparation: z.strictObject({
    windows: z.enum(['all', 'first']),
    layback: z.int().min(1),
    transpose: z.strictObject({ from: z.int(), to: z.int() }),
    fold: z.boolean(),
  }),
  origin: z.string(),
  rolls: count,
  chunks: z.array(z.strictObject({ file: z.string(), rolls: count, sha256 })),
  sources: z.array(source),
  digest: sha256,
});
