/** The parts of an ONNX file that Apollo writes, as plain data: https://onnx.ai/onnx/repo-docs/IR.html */

/** Element types and their numbers in TensorProto.DataType. */
export const ELEMENT_TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;
export type ElementType = keyof typeof ELEMENT_TYPES;

/** A constant of the graph. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /**
   * The elements in little-endian order, the byte order of all platforms that onnxruntime supports. Not copied until
   * the file is written.
   */
  readonly data: ArrayBufferView;
}

export type OnnxAttribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] };

/** One operation. An empty name among the inputs stands for an optional input that is left out. */
export interface OnnxNode {
  readonly op: string;
  /** '' or absent: the standard operators. `com.microsoft`: onnxruntime's own. */
  readonly domain?: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A graph's input or output. A dimension that is a name can have any length, the same wherever the name stands. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly (number | string)[];
  /** The graph does not tell the dimensions, nor how many there are. */
  readonly isOfAnyShape?: boolean;
}

/** Nodes stand in an order in which each one's inputs come before it. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export const intAttribute = (value: number): OnnxAttribute => ({ kind: 'int', value });
export const intsAttribute = (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value });
export const floatsAttribute = (value: readonly number[]): OnnxAttribute => ({ kind: 'floats', value });
export const floatAttribute = (value: number): OnnxAttribute => ({ kind: 'float', value });
export const stringAttribute = (value: string): OnnxAttribute => ({ kind: 'string', value });

export const floatTensor = (name: string, dims: readonly number[], data: Float32Array): OnnxTensor => ({
  name,
  type: 'float32',
  dims,
  data,
});

/** Whole numbers, by default a list. */
export const int64Tensor = (
  name: string,
  values: readonly number[],
  dims: readonly number[] = [values.length],
): OnnxTensor => ({ name, type: 'int64', dims, data: BigInt64Array.from(values, BigInt) });
