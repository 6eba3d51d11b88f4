import { DamagedFileError, ShapeError } from '../../../domain/errors.js';
import { constant, input } from '../../../domain/tensor/node-builders.js';
import type { Node } from '../../../domain/tensor/op.js';
import type { Program } from '../../../domain/tensor/program.js';
import { readGraph, type ParsedNode } from './graph-reader.js';
import { importRules } from './import-rules.js';

/**
 * The other way round from lowering: the tensor program of a model that Apollo wrote, for one row, so that it can be
 * differentiated. The file alone is enough, whatever network drew it up.
 * @throws DamagedFileError for operations that Apollo does not write, or that do not fit together
 */
export function importModel(name: string, model: Uint8Array): Program {
  const { nodes, tensors, lists, inputs, outputs } = readGraph(model);
  const values = new Map<string, Node>();
  const feeds = [...inputs].map(([called, shape]) => input(called, shape) as Node<'input'>);
  for (const feed of feeds) values.set(feed.params.name, feed);
  for (const [called, tensor] of tensors) values.set(called, constant(tensor));
  const named = (of: ParsedNode, at: number): Node => {
    const value = values.get(of.inputs[at] ?? '');
    if (value === undefined) throw new DamagedFileError(`${of.op} "${of.output}" has no input ${at + 1}`);
    return value;
  };
  for (const node of nodes) {
    const rule = importRules.get(node.op);
    if (rule === undefined) throw new DamagedFileError(`an operation ${node.op}, which no network of Apollo's has`);
    const list = (at: number): readonly number[] => {
      const found = lists.get(node.inputs[at] ?? '');
      if (found === undefined) throw new DamagedFileError(`${node.op} "${node.output}" has no list as input ${at + 1}`);
      return found;
    };
    values.set(
      node.output,
      rethrowShapeError(node, () => rule({ node, value: (at) => named(node, at), list })),
    );
  }
  const metrics = outputs.map((output) => {
    const value = values.get(output);
    if (value === undefined) throw new DamagedFileError(`its output "${output}" is computed by nothing`);
    return { name: output, node: value };
  });
  return { name, feeds, state: [], metrics };
}

function rethrowShapeError(node: ParsedNode, build: () => Node): Node {
  try {
    return build();
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause;
    throw new DamagedFileError(`the operation ${node.op} "${node.output}" does not fit its inputs: ${cause.message}`, {
      cause,
    });
  }
}
