import { DamagedFileError, DomainError } from '../../../domain/errors.js';
import type { PrecisionLoss } from '../../../domain/model/precision.js';
import { MODEL_VERSION, type ModelMetadata } from '../../../domain/model/model-metadata.js';
import { cellCount, checkRollFormat, type RollChannel, type RollFormat } from '../../../domain/roll/roll-format.js';
import { sizeOf } from '../../../domain/tensor/tensor.js';

/** The metadata as JSON, always in one order. */
export const writeMetadataText = (metadata: ModelMetadata): string => JSON.stringify(normalized(metadata));

/**
 * Reads what `writeMetadataText` wrote, and checks every field: the text may come from anywhere.
 * By hand, because loading a schema library takes longer than composing a tune.
 * @throws DamagedFileError that names the first field that is wrong
 */
export function readMetadataText(text: string): ModelMetadata {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new DamagedFileError('its metadata are not JSON', { cause });
  }
  const root = record(json, 'metadata');
  const { version } = root;
  if (version !== MODEL_VERSION) {
    throw new DamagedFileError(
      `it is a model of version ${preview(version, 40)}, this program reads version ${MODEL_VERSION}`,
    );
  }
  return normalized({
    version,
    architecture: name(root, 'architecture'),
    depth: integerInRange(root, 'depth', 1, 65_536),
    noiseShape: noiseShape(root),
    rollFormat: rollFormat(root),
    threshold: numberInRange(root, 'threshold', 0, 1),
    training: training(root),
    ...(root['precision'] === undefined ? {} : { precision: precision(root) }),
    licence: name(root, 'licence'),
  });
}

type Fields = Readonly<Record<string, unknown>>;

/** More cells than any roll that can be trained on one machine. */
const MAX_CELLS = 2 ** 24;
const MAX_NAME_LENGTH = 1000;

function normalized(m: ModelMetadata): ModelMetadata {
  const { lowestPitch, pitches, columns, columnsPerBeat, channels } = m.rollFormat;
  const { origin, datasetDigest, rolls, seed, batch, steps, epochs } = m.training;
  return {
    version: m.version,
    architecture: m.architecture,
    depth: m.depth,
    noiseShape: m.noiseShape,
    rollFormat: {
      lowestPitch,
      pitches,
      columns,
      columnsPerBeat,
      channels: channels.map(({ voice, kind }) => ({ voice, kind })),
    },
    threshold: m.threshold,
    training: { origin, datasetDigest, rolls, seed, batch, steps, epochs },
    ...(m.precision === undefined ? {} : { precision: orderedPrecision(m.precision) }),
    licence: m.licence,
  };
}

const orderedPrecision = ({
  weights,
  tunes,
  cells,
  sounding,
  changed,
  mostInATune,
  largestError,
}: PrecisionLoss): PrecisionLoss => ({
  ...{ weights, tunes, cells, sounding, changed, mostInATune, largestError },
});

function precision(root: Fields): PrecisionLoss {
  const fields = record(root['precision'], 'precision');
  const { weights } = fields;
  if (weights !== 'fp16' && weights !== 'int8') throw invalidField('precision.weights', '"fp16" or "int8"', weights);
  const count = (key: string): number => integerInRange(fields, key, 0, Number.MAX_SAFE_INTEGER);
  return {
    weights,
    ...{ tunes: count('tunes'), cells: count('cells'), sounding: count('sounding') },
    ...{ changed: count('changed'), mostInATune: count('mostInATune') },
    largestError: numberInRange(fields, 'largestError', 0, 1),
  };
}

function training(root: Fields): ModelMetadata['training'] {
  const fields = record(root['training'], 'training');
  const count = (key: string): number => integerInRange(fields, key, 0, Number.MAX_SAFE_INTEGER);
  return {
    origin: name(fields, 'origin'),
    datasetDigest: name(fields, 'datasetDigest'),
    rolls: count('rolls'),
    seed: count('seed'),
    batch: count('batch'),
    steps: count('steps'),
    epochs: count('epochs'),
  };
}

function noiseShape(root: Fields): readonly number[] {
  const shape = root['noiseShape'];
  const fits =
    Array.isArray(shape) &&
    shape.length >= 1 &&
    shape.length <= 8 &&
    shape.every((n) => Number.isInteger(n) && n >= 1) &&
    sizeOf(shape as number[]) <= MAX_CELLS;
  if (!fits) throw invalidField('noiseShape', 'one to eight whole numbers', shape);
  return shape as number[];
}

function rollFormat(root: Fields): RollFormat {
  const fields = record(root['rollFormat'], 'rollFormat');
  const channels = fields['channels'];
  if (!Array.isArray(channels) || channels.length > 64)
    throw invalidField('rollFormat.channels', 'a list of channels', channels);
  const number = (key: string): number => integerInRange(fields, key, 0, 2 ** 20);
  const format: RollFormat = {
    lowestPitch: number('lowestPitch'),
    pitches: number('pitches'),
    columns: number('columns'),
    columnsPerBeat: number('columnsPerBeat'),
    channels: channels.map(channel),
  };
  try {
    checkRollFormat(format);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new DamagedFileError(`its metadata hold an impossible roll format: ${cause.message}`, { cause });
  }
  if (cellCount(format) > MAX_CELLS) throw invalidField('rollFormat', `at most ${MAX_CELLS} cells`, cellCount(format));
  return format;
}

function channel(value: unknown): RollChannel {
  const fields = record(value, 'a channel');
  const kind = fields['kind'];
  if (kind !== 'sustain' && kind !== 'onset') throw invalidField('kind', '"sustain" or "onset"', kind);
  return { voice: name(fields, 'voice'), kind };
}

function record(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidField(what, 'an object', value);
  return value as Fields;
}

function name(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value !== 'string' || value.length > MAX_NAME_LENGTH) {
    throw invalidField(key, `a text of at most ${MAX_NAME_LENGTH} characters`, value);
  }
  return value;
}

function numberInRange(fields: Fields, key: string, low: number, high: number): number {
  const value = fields[key];
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    throw invalidField(key, `a number from ${low} to ${high}`, value);
  }
  return value;
}

function integerInRange(fields: Fields, key: string, low: number, high: number): number {
  const value = numberInRange(fields, key, low, high);
  if (!Number.isInteger(value)) throw invalidField(key, 'a whole number', value);
  return value;
}

const invalidField = (key: string, want: string, got: unknown): DamagedFileError =>
  new DamagedFileError(`its metadata need ${want} as ${key}, got ${preview(got, 60)}`);

/** The value that was found, shortened. Lists and objects are not written out: they may be deeper than the stack. */
const preview = (value: unknown, length: number): string => {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return (JSON.stringify(value) ?? 'nothing').slice(0, length);
};
