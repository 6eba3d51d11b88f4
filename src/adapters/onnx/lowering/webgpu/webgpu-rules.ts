import type { GraphBuilder } from '../graph-builder.js';
import { loweringRules } from '../lowering-rules.js';

/**
 * Lowering rules for onnxruntime's webgpu provider. Its Tanh is wrong in the fourth digit of small results, and WGSL
 * only bounds the absolute error of log near 1 (2^-21), so tanh and softplus are built from operations that GPUs
 * compute accurately.
 */
export const webgpuLoweringRules: typeof loweringRules = {
  ...loweringRules,
  tanh: (_node, [x], builder) => tanh(x!, builder),
  softplus: (_node, [x], builder) => softplus(x!, builder),
};

/** From S. Moshier's Cephes library, tanhf.c: tanh(x) = x + x³ p(x²) up to |x| = 0.625, highest power first. */
const TANH_COEFFICIENTS = [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1];
const TANH_CORNER = 0.625;

/** The polynomial below TANH_CORNER, and sign(x) (1 - 2 / (e^2|x| + 1)) above. */
function tanh(x: string, builder: GraphBuilder): string {
  const magnitude = builder.add('Abs', [x]);
  const square = builder.add('Mul', [x, x]);
  const correction = builder.add('Mul', [
    polynomial(TANH_COEFFICIENTS, square, builder),
    builder.add('Mul', [square, x]),
  ]);
  const near = builder.add('Add', [correction, x]);
  // From 20 on the result is 1, and e^2|x| would leave the range of a float32.
  const bounded = builder.add('Min', [magnitude, builder.float(20)]);
  const denominator = builder.add('Add', [
    builder.add('Exp', [builder.add('Add', [bounded, bounded])]),
    builder.float(1),
  ]);
  const far = builder.add('Sub', [builder.float(1), builder.add('Div', [builder.float(2), denominator])]);
  const signed = builder.add('Mul', [far, builder.add('Sign', [x])]);
  return builder.add('Where', [builder.add('Less', [magnitude, builder.float(TANH_CORNER)]), near, signed]);
}

/** 2 artanh(s) = 2 s (1 + s²/3 + s⁴/5 + ...), with as many terms as float32 can hold for s up to 1/3. */
const ARTANH_COEFFICIENTS = [15, 13, 11, 9, 7, 5, 3, 1].map((n) => 2 / n);

/**
 * log(1 + eˣ) = max(x, 0) + log(1 + z) with z = e^-|x|, and log(1 + z) = 2 artanh(z / (2 + z)), which keeps all digits
 * of a small z.
 */
function softplus(x: string, builder: GraphBuilder): string {
  const z = builder.add('Exp', [builder.add('Neg', [builder.add('Abs', [x])])]);
  const s = builder.add('Div', [z, builder.add('Add', [z, builder.float(2)])]);
  const series = polynomial(ARTANH_COEFFICIENTS, builder.add('Mul', [s, s]), builder);
  return builder.add('Add', [builder.add('Max', [x, builder.float(0)]), builder.add('Mul', [s, series])]);
}

/** Evaluates a polynomial by Horner's rule, highest power first. */
const polynomial = ([highest, ...rest]: readonly number[], x: string, builder: GraphBuilder): string =>
  rest.reduce(
    (sum, coefficient) => builder.add('Add', [builder.add('Mul', [sum, x]), builder.float(coefficient)]),
    builder.float(highest!),
  );
