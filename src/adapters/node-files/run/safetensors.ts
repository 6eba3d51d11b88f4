import { sizeOf, type Shape } from '../../../domain/tensor/tensor.js';
import { byCodePoints } from '../../../domain/code-point-order.js';

/** A float32 tensor in a safetensors file; bytes `start` to `end` of the payload, which follows the header. */
export interface TensorEntry {
  readonly name: string;
  readonly shape: Shape;
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly metadata: ReadonlyMap<string, string>;
  /** In order of their names' code points, which is their order in the payload too. */
  readonly tensors: readonly TensorEntry[];
}

/** Bytes before the header's JSON: its length. */
export const HEADER_LENGTH_BYTES = 8;

/** Far more than any model of ours needs, and little to read before anything is known of a file. */
export const MAX_HEADER_BYTES = 1 << 20;

/** Lays tensors one after the other. */
export function assignOffsets(shapes: ReadonlyMap<string, Shape>): readonly TensorEntry[] {
  let start = 0;
  return [...shapes]
    .sort(([a], [b]) => byCodePoints(a, b))
    .map(([name, shape]) => {
      const entry = { name, shape, start, end: start + 4 * sizeOf(shape) };
      start = entry.end;
      return entry;
    });
}

/** The file up to its payload: length, JSON, and spaces so that the payload begins at a multiple of 8. */
export function encodeSafetensorsHeader({ metadata, tensors }: SafetensorsHeader): Uint8Array {
  const members = [
    // Written by hand: an object would move keys that look like numbers, and lose one named __proto__.
    [
      '__metadata__',
      `{${[...metadata].map(([key, value]) => `${jsonString(key)}:${jsonString(value)}`).join()}}`,
    ] as const,
    ...tensors.map(({ name, shape, start, end }) => {
      return [name, `{"dtype":"F32","shape":[${shape.join()}],"data_offsets":[${start},${end}]}`] as const;
    }),
  ];
  const json = Buffer.from(`{${members.map(([key, text]) => `${jsonString(key)}:${text}`).join()}}`);
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(HEADER_LENGTH_BYTES + padded, ' ');
  bytes.writeBigUInt64LE(BigInt(padded));
  bytes.set(json, HEADER_LENGTH_BYTES);
  return bytes;
}

/**
 * Reads what `encodeSafetensorsHeader` wrote, and only that: another order, spacing, type or layout is refused.
 *
 * @param bytes the file up to its payload
 * @throws Error that says what is wrong with the header
 */
export function decodeSafetensorsHeader(bytes: Uint8Array): SafetensorsHeader {
  const header = parse(bytes.subarray(HEADER_LENGTH_BYTES));
  const metadata = new Map(requireEntries(header.get('__metadata__'), 'its metadata'));
  const texts = [...metadata].map(([key, value]) => [key, requireString(value, `its metadata "${key}"`)] as const);
  header.delete('__metadata__');
  const shapes = new Map([...header].map(([name, entry]) => [name, parseShape(name, entry)]));
  const decoded = { metadata: new Map(texts), tensors: assignOffsets(shapes) };
  for (const { name, start, end } of decoded.tensors) {
    const offsets = new Map(requireEntries(header.get(name), name)).get('data_offsets');
    if (JSON.stringify(offsets) !== JSON.stringify([start, end])) {
      throw new Error(`tensor "${name}" does not lie where the one before it ends`);
    }
  }
  if (!Buffer.from(encodeSafetensorsHeader(decoded)).equals(bytes))
    throw new Error('its header is not in the form we write');
  return decoded;
}

const jsonString = (value: string): string => JSON.stringify(value);

function parse(json: Uint8Array): Map<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json));
  } catch {
    throw new Error('its header is not JSON');
  }
  return new Map(requireEntries(value, 'its header'));
}

function parseShape(name: string, entry: unknown): Shape {
  const facts = new Map(requireEntries(entry, `tensor "${name}"`));
  if (facts.get('dtype') !== 'F32') throw new Error(`tensor "${name}" is not of float32`);
  const shape = facts.get('shape');
  const lengths: readonly unknown[] = Array.isArray(shape) ? shape : [NaN];
  const whole = lengths.every((n): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 1);
  if (!whole || lengths.length > 16 || !Number.isSafeInteger(4 * sizeOf(lengths))) {
    throw new Error(`tensor "${name}" has no shape of whole lengths`);
  }
  return lengths;
}

function requireEntries(value: unknown, what: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${what} is no JSON object`);
  return Object.entries(value);
}

function requireString(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Error(`${what} is no text`);
  return value;
}
