import { DEFAULT_ROLL_FORMAT, rollShape } from '../../roll/roll-format.js';
import { DCGAN_ADAM } from '../adam-options.js';
import type { Layer, KernelGeometry, Stage } from '../layers.js';
import type { Architecture } from '../model-spec.js';

const STRIDE_2_KERNEL: KernelGeometry = { kernel: [4, 4], stride: [2, 2], padding: [1, 1, 1, 1] };

const leaky: Layer = { kind: 'leakyRelu', slope: 0.2 };
const norm: Layer = { kind: 'batchNorm' };
const down = (channels: number): Layer => ({ kind: 'convolution', channels, ...STRIDE_2_KERNEL });
const up = (channels: number): Layer => ({ kind: 'transposedConvolution', channels, ...STRIDE_2_KERNEL });
const linear = (features: number): Layer => ({ kind: 'linear', features });

/** The network of the original ApolloGAN: a DCGAN (Radford, Metz, Chintala 2015) for images of 64 x 256 cells. */
export const dcganA: Architecture = {
  name: 'dcgan-a',
  summary: "ApolloGAN's network: five 4x4 stride-2 layers each way, batch norm, local noise",
  depth: { default: 32, min: 1, max: 256 },
  threshold: 0.5,
  recipe: {},
  build: (d) => ({
    architecture: 'dcgan-a',
    depth: d,
    rollFormat: DEFAULT_ROLL_FORMAT,
    training: {
      objective: 'crossEntropy',
      generator: DCGAN_ADAM,
      discriminator: DCGAN_ADAM,
      simultaneousUpdates: false,
    },
    generator: {
      name: 'generator',
      inputShape: [7, 2, 8],
      stages: [
        [up(8 * d), norm, leaky], // 8d, 4, 16
        [up(4 * d), norm, leaky], // 4d, 8, 32
        [up(2 * d), norm, leaky], // 2d, 16, 64
        [up(d), norm, leaky], // d, 32, 128
        [up(1), { kind: 'sigmoid' }], // 1, 64, 256
      ],
    },
    discriminator: {
      name: 'discriminator',
      inputShape: rollShape(DEFAULT_ROLL_FORMAT),
      stages: [
        [down(d), leaky], // d, 32, 128
        [down(2 * d), norm, leaky], // 2d, 16, 64
        [down(4 * d), norm, leaky], // 4d, 8, 32
        [down(8 * d), norm, leaky], // 8d, 4, 16
        [down(d), norm, leaky], // d, 2, 8
        [{ kind: 'flatten' }, linear(512), leaky], // 16d -> 512
        [linear(1)],
      ] satisfies Stage[],
    },
  }),
};
