import { createHash } from 'node:crypto';
import { chunksProblem, digestInput } from '../../../domain/dataset/chunk.js';
import { DATASET_VERSION, type DatasetManifest } from '../../../domain/dataset/manifest.js';
import { DamagedFileError, DomainError } from '../../../domain/errors.js';
import { checkRollFormat } from '../../../domain/roll/roll-format.js';

export const MANIFEST_FILE = 'dataset.json';

/** dataset.json as text. Its last member is the SHA-256 of the text without that member. No times, no machine. */
export function encodeManifest(manifest: DatasetManifest): string {
  const text = serialize(manifest); // once: of a million files it has 150 MB
  return `${text.slice(0, -MANIFEST_END.length)},\n "manifestSha256": "${sha256(text)}"${MANIFEST_END}`;
}

const MANIFEST_END = '\n}\n';

/**
 * Checks the version first (another version may be laid out otherwise), then every byte, then every value.
 *
 * @param path for the error
 */
export async function decodeManifest(text: string, path: string): Promise<DatasetManifest> {
  const damaged = (what: string, cause?: unknown): DamagedFileError =>
    new DamagedFileError(`${path} ${what}; prepare the dataset again`, { cause });
  const raw = parseJson(text);
  if (raw === undefined) throw damaged('is not JSON, or was cut or changed');
  if (raw['version'] !== DATASET_VERSION) {
    throw damaged(`has version ${JSON.stringify(raw['version'])}, but this program reads version ${DATASET_VERSION}`);
  }
  const { manifestSha256, ...rest } = raw;
  if (trySerialize(raw) !== text || manifestSha256 !== sha256(serialize(rest))) {
    throw damaged('was changed after it was written: it does not have the SHA-256 that it states');
  }
  const manifest = await validateManifest(rest, damaged);
  const problem = chunksProblem(manifest.chunks, manifest.rolls);
  if (problem !== undefined) throw damaged(`contradicts itself: ${problem}`);
  if (manifest.digest !== datasetDigest(manifest))
    throw damaged('contradicts itself: its digest is not that of its chunks');
  return manifest;
}

export const datasetDigest = ({ format, chunks }: Pick<DatasetManifest, 'format' | 'chunks'>): string =>
  sha256(digestInput(format, chunks));

type Fields = Record<string, unknown>;

const serialize = (fields: object): string => `${JSON.stringify(fields, null, 1)}\n`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function parseJson(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** Text in another format, or nested too deeply to be written, was not written by Apollo. */
function trySerialize(fields: Fields): string | undefined {
  try {
    return serialize(fields);
  } catch {
    return undefined;
  }
}

async function validateManifest(
  fields: Fields,
  damaged: (what: string, cause?: unknown) => DamagedFileError,
): Promise<DatasetManifest> {
  const { manifestSchema } = await import('./dataset-manifest-schema.js'); // zod takes 40 ms: only where it is needed
  const parsed = manifestSchema.safeParse(fields);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(`has a wrong value at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`, parsed.error);
  }
  const manifest = parsed.data as DatasetManifest;
  try {
    checkRollFormat(manifest.format);
  } catch (cause) {
    throw damaged(`has a roll format that is none: ${cause instanceof DomainError ? cause.message : 'unknown'}`, cause);
  }
  return manifest;
}
