/** Axis lengths, outermost first. `[]` is a scalar. */
export type Shape = readonly number[];

/** Row-major float32 values; `data.length` is the product of `shape`. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

export type NamedTensors = ReadonlyMap<string, Tensor>;

export const sizeOf = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);

export const scalar = (value: number): Tensor => ({ shape: [], data: Float32Array.of(value) });

/** `[2, 3]` */
export const shapeText = (shape: Shape): string => `[${shape.join(', ')}]`;

/** Whether all values are finite. A plain loop, because a training state has millions of values. */
export function allFinite(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (data[i]! - data[i]! !== 0) return false;
  return true;
}
