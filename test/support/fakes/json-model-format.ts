import { createHash } from 'node:crypto';
import { DamagedFileError } from '../../../src/domain/errors.js';
import type { ModelMetadata } from '../../../src/domain/model/model-metadata.js';
import type { Program } from '../../../src/domain/tensor/program.js';
import { topologicalOrder } from '../../../src/domain/tensor/topological-order.js';
import type { ModelFormat } from '../../../src/ports/model-format.js';

interface Body {
  readonly metadata: ModelMetadata;
  readonly weights: readonly (readonly number[])[];
}

/** Those that were written, by the digest of their file: it has their weights only. */
const programs = new Map<string, Program>();
const digestOf = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, 64)).toString('latin1');

/** A digest, then JSON. */
export const jsonModelFormat: ModelFormat = {
  async encodeGenerator(program, metadata) {
    const bytes = sealed({ metadata, weights: weightsOf(program) });
    programs.set(digestOf(bytes), program);
    return bytes;
  },
  async readGenerator(model) {
    opened(model);
    return programs.get(digestOf(model))!;
  },
  encodeProgram: async (program) => sealed({ weights: weightsOf(program) }),
  readMetadata: async (model) => opened(model).metadata,
  countParameters: (model) => opened(model).weights.reduce((sum, tensor) => sum + tensor.length, 0),
};

function sealed(body: object): Uint8Array {
  const text = JSON.stringify(body);
  return new TextEncoder().encode(digest(text) + text);
}

function opened(model: Uint8Array): Body {
  const text = Buffer.from(model).toString('latin1');
  const body = Buffer.from(text.slice(64), 'latin1').toString('utf8');
  if (digest(body) !== text.slice(0, 64)) throw new DamagedFileError('its digest is wrong');
  const parsed = JSON.parse(body) as Partial<Body>;
  if (parsed.metadata === undefined) throw new DamagedFileError('it is no generator');
  return parsed as Body;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const weightsOf = (program: Program): number[][] =>
  topologicalOrder(program.metrics.map(({ node }) => node)).flatMap((node) =>
    node.op === 'constant' && node.shape.length > 0 ? [[...node.params.value.data]] : [],
  );
