import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../src/domain/errors.js';
import { buildModel, CATALOGUE } from '../../../src/domain/model/catalogue/catalogue.js';
import { isSequential, layerOutputShape, networkOutputShape, type Network } from '../../../src/domain/model/layers.js';
import {
  countParameters,
  initializeParameters,
  parametersOf,
  weightsOf,
} from '../../../src/domain/model/parameters.js';

const shapesOf = (network: Network): readonly string[] => {
  if (!isSequential(network)) throw new Error('no layers');
  let shape = network.inputShape;
  return network.stages.map((stage) =>
    (shape = stage.reduce((s, layer) => layerOutputShape(layer, s), shape)).join(' '),
  );
};

describe('dcgan-a', () => {
  const spec = buildModel('dcgan-a', 128);

  it('has the shapes of the original ApolloGAN', () => {
    expect(shapesOf(spec.generator)).toEqual(['1024 4 16', '512 8 32', '256 16 64', '128 32 128', '1 64 256']);
    expect(shapesOf(spec.discriminator)).toEqual([
      '128 32 128',
      '256 16 64',
      '512 8 32',
      '1024 4 16',
      '128 2 8',
      '512',
      '1',
    ]);
  });

  it('has the number of parameters of the original ApolloGAN', () => {
    const convolution = (i: number, o: number): number => i * o * 16;
    const [d, norms] = [128, (8 + 4 + 2 + 1) * 128 * 2];
    const up = [7, 8 * d, 4 * d, 2 * d, d, 1];
    const down = [1, d, 2 * d, 4 * d, 8 * d, d];
    const convolutions = (widths: readonly number[]): number =>
      widths.slice(1).reduce((sum, width, i) => sum + convolution(widths[i]!, width), 0);
    expect(countParameters(spec.generator)).toBe(convolutions(up) + norms);
    expect(countParameters(spec.discriminator)).toBe(convolutions(down) + norms + (16 * d + 1) * 512 + 513);
  });

  it('names its parameters by network, stage, layer and part', () => {
    const names = [spec.generator, spec.discriminator]
      .flatMap(parametersOf)
      .map((p) => `${p.name} ${p.shape.join('x')}`);
    expect(names.slice(0, 5)).toEqual([
      'generator.1.conv.weight 7x1024x4x4',
      'generator.1.norm.scale 1024',
      'generator.1.norm.bias 1024',
      'generator.1.norm.mean 1024',
      'generator.1.norm.variance 1024',
    ]);
    expect(names.slice(-5)).toEqual([
      'discriminator.5.norm.variance 128',
      'discriminator.6.linear.weight 512x2048',
      'discriminator.6.linear.bias 512',
      'discriminator.7.linear.weight 1x512',
      'discriminator.7.linear.bias 1',
    ]);
  });

  it('throws for depths out of range and unknown names', () => {
    for (const depth of [0, -1, 257, 1.5, NaN]) expect(() => buildModel('dcgan-a', depth)).toThrow(UsageError);
    expect(() => buildModel('dcgan')).toThrow('there is no model "dcgan" in the catalogue; did you mean "dcgan-a"?');
  });
});

it.each([...CATALOGUE.values()])(
  '$name: the generator has the output shape that the discriminator takes',
  ({ build, depth }) => {
    for (const d of [depth.min, depth.default]) {
      const spec = build(d);
      expect(networkOutputShape(spec.generator)).toEqual(spec.discriminator.inputShape);
      expect(networkOutputShape(spec.discriminator)).toEqual([1]);
    }
  },
);

describe('initializeParameters', () => {
  const { generator, discriminator } = buildModel('dcgan-a', 8);
  const values = initializeParameters([generator, discriminator], 3);

  it('draws weights from N(0, 0.02) and scales from N(1, 0.02), and leaves the rest constant', () => {
    const moments = (name: string): readonly [number, number] => {
      const { data } = values.get(name)!;
      const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
      return [mean, Math.sqrt(data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length)];
    };
    const [mean, deviation] = moments('generator.2.conv.weight'); // 32,768 draws
    expect(Math.abs(mean)).toBeLessThan(6e-4);
    expect(deviation).toBeCloseTo(0.02, 3);
    expect(moments('discriminator.4.norm.scale')[0]).toBeCloseTo(1, 1);
    expect(moments('discriminator.4.norm.scale')[1]).toBeGreaterThan(0.01);
    expect(moments('discriminator.4.norm.bias')).toEqual([0, 0]);
    expect(moments('discriminator.4.norm.variance')).toEqual([1, 0]);
    expect(moments('discriminator.6.linear.bias')).toEqual([0, 0]);
  });

  it('is a function of the seed', () => {
    const [again, other] = [3, 4].map((seed) => initializeParameters([generator, discriminator], seed));
    for (const { name } of weightsOf(generator)) expect(again!.get(name)).toEqual(values.get(name));
    expect(other!.get('generator.1.conv.weight')).not.toEqual(values.get('generator.1.conv.weight'));
  });
});
