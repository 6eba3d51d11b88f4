import { ShapeError, UnfedInputError } from '../errors.js';
import type { Node } from './op.js';
import { sameShape, shapeText, sizeOf, type NamedTensors, type Tensor } from './tensor.js';

/**
 * The tensor that is fed to an input of a program.
 * @throws UnfedInputError when there is none; ShapeError when it has another shape or number of values
 */
export function checkedFeed(input: Node<'input'>, feeds: NamedTensors): Tensor {
  const { name, shape } = input.params;
  const tensor = feeds.get(name);
  if (tensor === undefined) throw new UnfedInputError(name);
  if (!sameShape(tensor.shape, shape) || tensor.data.length !== sizeOf(shape)) {
    throw new ShapeError(`the program's input "${name}"`, [tensor.shape], `${shapeText(shape)} and as many values`);
  }
  return tensor;
}

export const copyTensor = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.slice() });
