import { DamagedFileError } from '../../../domain/errors.js';
import type { Digest } from '../../../ports/digest.js';
import type { ModelMetadata } from '../../../domain/model/model-metadata.js';
import { readMetadataText } from './metadata-text.js';
import { verifyChecksum } from './checksum.js';
import { readModelMetadata } from './model-reader.js';
import { findDamagedTensor } from './tensor-checksums.js';

/** Metadata key of a generator: ModelMetadata as JSON. */
export const GENERATOR_KEY = 'apollo';
/** Metadata key of any other program: its inputs and outputs as JSON. */
export const PROGRAM_KEY = 'apollo.program';

/** @throws DamagedFileError when the bytes are no generator that Apollo wrote, or were changed since */
export async function readGeneratorMetadata(model: Uint8Array, digest: Digest): Promise<ModelMetadata> {
  try {
    return await readVerified(model, digest);
  } catch (cause) {
    const tensor = cause instanceof DamagedFileError ? await findDamagedTensor(model, digest) : undefined;
    if (tensor === undefined) throw cause;
    throw new DamagedFileError(`its tensor ${JSON.stringify(tensor)} is damaged: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function readVerified(model: Uint8Array, digest: Digest): Promise<ModelMetadata> {
  const metadata = readModelMetadata(model);
  const text = metadata.get(GENERATOR_KEY);
  if (text === undefined) {
    throw new DamagedFileError(
      metadata.has(PROGRAM_KEY)
        ? 'it is a training step, not a generator; export the run without --step-program'
        : 'it is an ONNX model, but none that Apollo exported; use a file that `apollo export` wrote',
    );
  }
  await verifyChecksum(model, digest);
  return readMetadataText(text);
}
