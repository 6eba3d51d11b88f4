import { ShapeError, UnfedInputError } from '../../../domain/errors.js';
import type { Node } from '../../../domain/tensor/op.js';
import { sameShape, shapeText, type NamedTensors, type Tensor } from '../../../domain/tensor/tensor.js';

/**
 * The tensor that is fed to an input of a program.
 * @throws UnfedInputError when there is none; ShapeError when it has another shape
 */
export function checkedFeed(input: Node<'input'>, feeds: NamedTensors): Tensor {
  const { name, shape } = input.params;
  const tensor = feeds.get(name);
  if (tensor === undefined) throw new UnfedInputError(name);
  if (!sameShape(tensor.shape, shape)) {
    throw new ShapeError(`the program's input "${name}"`, [tensor.shape], shapeText(shape));
  }
  return tensor;
}

export const copyTensor = ({ shape, data }: Tensor): Tensor => ({ shape, data: data.slice() });
