import type { Network } from '../model/layers.js';
import type { ParameterNodes } from '../model/apply-network.js';
import { parametersOf } from '../model/parameters.js';
import { input } from '../tensor/node-builders.js';
import type { Node } from '../tensor/op.js';
import type { StateSlot } from '../tensor/program.js';

/** Collects the state of the program while it is built. Slots keep the order in which they are added. */
export class StateBuilder {
  readonly #current = new Map<string, Node<'input'>>();
  readonly #next = new Map<string, Node>();

  add(name: string, shape: readonly number[]): Node<'input'> {
    const node = input(name, shape);
    this.#current.set(name, node);
    return node;
  }

  addNetwork(network: Network): ParameterNodes {
    return new Map(parametersOf(network).map(({ name, shape }) => [name, this.add(name, shape)]));
  }

  /** Sets the value that a tensor of the state has after the step. */
  setNext(name: string, next: Node): void {
    this.#next.set(name, next);
  }

  slots(): readonly StateSlot[] {
    return [...this.#current].map(([name, current]) => ({ name, current, next: this.#next.get(name)! }));
  }
}
