import type { Tensor } from '@tensorflow/tfjs-core';
import type { Node } from '../../domain/tensor/op.js';
import { topologicalOrder } from '../../domain/tensor/topological-order.js';
import { convolution } from './convolution.js';
import { elementwise } from './elementwise.js';
import type { Backend, ComputedOpKind, Kernels } from './kernel.js';
import {
  permuteToLayout,
  expandToRank4,
  layoutRules,
  keepsElementOrder,
  permutationFromLayout,
  permutationToLayout,
  type Layout,
} from './memory-layout.js';
import { movement } from './movement.js';
import { reduction } from './reduction.js';

/** The kernel table: one entry an operation. */
const kernels: Kernels<ComputedOpKind> = { ...elementwise, ...movement, ...reduction, ...convolution };

/** One kernel to run. Values are kept by number. */
export interface Instruction {
  readonly compute: (backend: Backend, inputs: readonly Tensor[]) => Tensor;
  readonly reads: readonly number[];
  readonly writes: number;
  /** Values that nothing needs any more after this instruction. */
  frees: readonly number[];
}

/** The order of the computations, and where their results are stored. */
export interface ExecutionPlan {
  readonly instructions: readonly Instruction[];
  /** Numbers of the values that must be there before: inputs and constants. */
  readonly leaves: ReadonlyMap<Node<'input' | 'constant'>, number>;
  /** Numbers of the values of the roots, plain; what is given is among them where a root is an input. */
  readonly results: readonly number[];
}

/** Plans the computation of `roots`: order, layouts, and after which instruction each value can go. */
export function createExecutionPlan(roots: readonly Node[]): ExecutionPlan {
  const planner = new ExecutionPlanner();
  for (const node of topologicalOrder(roots)) planner.add(node);
  return planner.finish(roots);
}

class ExecutionPlanner {
  readonly #instructions: Instruction[] = [];
  readonly #given = new Map<Node<'input' | 'constant'>, number>();
  readonly #layouts = new Map<Node, Layout>();
  readonly #numbers = new Map<Node, Map<Layout, number>>();
  #next = 0;

  add(node: Node): void {
    const given = node.inputs.map((input) => this.#layouts.get(input)!);
    const { inputs, result } = layoutRules[node.op](node, given);
    this.#layouts.set(node, result);
    this.#numbers.set(node, new Map());
    if (node.op === 'input' || node.op === 'constant') {
      this.#given.set(node, this.#next);
      this.#numbers.get(node)!.set(result, this.#next++);
      return;
    }
    const kernel = kernels[node.op] as (b: Backend, i: readonly Tensor[], n: Node, l: Layout) => Tensor;
    const reads = node.inputs.map((input, i) => this.#number(input, inputs[i]!));
    this.#numbers.get(node)!.set(
      result,
      this.#emit(reads, (backend, values) => kernel(backend, values, node, result)),
    );
  }

  finish(roots: readonly Node[]): ExecutionPlan {
    const results = roots.map((root) => this.#number(root, 'plain'));
    const kept = new Set([...results, ...this.#given.values()]);
    const seen = new Set<number>();
    for (const instruction of [...this.#instructions].reverse()) {
      const last = new Set([...instruction.reads, instruction.writes].filter((n) => !kept.has(n) && !seen.has(n)));
      instruction.frees = [...last];
      last.forEach((n) => seen.add(n));
    }
    return { instructions: this.#instructions, leaves: this.#given, results };
  }

  /** The number of a node's value in a layout, converted at most once. */
  #number(node: Node, layout: Layout): number {
    const known = this.#numbers.get(node)!;
    // A scalar stretches to anything as it is.
    const wanted = node.shape.length === 0 ? 'plain' : layout;
    const found = known.get(wanted);
    if (found !== undefined) return found;
    const own = this.#layouts.get(node)!;
    const plain = wanted === 'plain' || own === 'plain' ? known.get(own)! : this.#number(node, 'plain');
    const converted = this.#emit([plain], (backend, [x]) => layoutConversion(node, own, wanted)(backend, x!));
    known.set(wanted, converted);
    return converted;
  }

  #emit(reads: readonly number[], compute: Instruction['compute']): number {
    this.#instructions.push({ compute, reads, writes: this.#next, frees: [] });
    return this.#next++;
  }
}

/** To plain from `own`, or from plain to `wanted`. */
function layoutConversion({ shape }: Node, own: Layout, wanted: Layout): (backend: Backend, x: Tensor) => Tensor {
  const four = expandToRank4(shape);
  const other = wanted === 'plain' ? own : wanted;
  const goal = wanted === 'plain' ? [...shape] : permuteToLayout(four, wanted);
  if (keepsElementOrder(four, other)) return (backend, x) => backend.run('Reshape', { x }, { shape: goal });
  const perm = [...(wanted === 'plain' ? permutationFromLayout(own) : permutationToLayout(wanted))];
  return (backend, x) => {
    const aligned = x.shape.length === 4 ? x : backend.run('Reshape', { x }, { shape: four });
    return backend.run('Transpose', { x: aligned }, { perm });
  };
}
