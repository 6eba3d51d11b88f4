import { DamagedFileError, ShapeError } from '../../../domain/errors.js';
import { constant, input } from '../../../domain/tensor/node-builders.js';
import type { Node } from '../../../domain/tensor/op.js';
import type { Program } from '../../../domain/tensor/program.js';
import { readGraph, type ParsedGraph, type ParsedNode } from './graph-reader.js';
import { importRules } from './import-rules.js';

/**
 * The inverse of lowering: turns a model that Apollo wrote into a tensor program for one row, which can be
 * differentiated. It needs the file alone, whatever network it came from.
 * @throws DamagedFileError for operations that Apollo does not write, or that do not fit together
 */
export function importModel(name: string, model: Uint8Array): Program {
  const graph = readGraph(model);
  const values = new Map<string, Node>();
  const feeds = [...graph.inputs].map(([inputName, shape]) => input(inputName, shape) as Node<'input'>);
  for (const feed of feeds) values.set(feed.params.name, feed);
  for (const [tensorName, tensor] of graph.tensors) values.set(tensorName, constant(tensor));
  for (const node of graph.nodes) values.set(node.output, importNode(node, values, graph.lists));
  const metrics = graph.outputs.map((output) => {
    const value = values.get(output);
    if (value === undefined) throw new DamagedFileError(`no operation computes its output "${output}"`);
    return { name: output, node: value };
  });
  return { name, feeds, state: [], metrics };
}

function importNode(node: ParsedNode, values: ReadonlyMap<string, Node>, lists: ParsedGraph['lists']): Node {
  const rule = importRules.get(node.op);
  if (rule === undefined) throw new DamagedFileError(`its operation "${node.op}" is none that Apollo writes`);
  const inputFrom = <T>(source: ReadonlyMap<string, T>, index: number, kind: string): T => {
    const found = source.get(node.inputs[index] ?? '');
    if (found === undefined)
      throw new DamagedFileError(`${node.op} "${node.output}" has no ${kind} as input ${index + 1}`);
    return found;
  };
  try {
    return rule({
      node,
      value: (index) => inputFrom(values, index, 'tensor'),
      list: (index) => inputFrom(lists, index, 'list of integers'),
    });
  } catch (cause) {
    if (!(cause instanceof ShapeError)) throw cause;
    const message = `the operation ${node.op} "${node.output}" does not fit its inputs: ${cause.message}`;
    throw new DamagedFileError(message, { cause });
  }
}
