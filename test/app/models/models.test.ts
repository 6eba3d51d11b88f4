import { describe, expect, it } from '@jest/globals';
import { describeModels } from '../../../src/app/models/describe.js';
import { createListModels } from '../../../src/app/models/models.js';

const listModels = createListModels({ listShippedModels: async () => [] });

describe('the list of models', () => {
  it('counts the parameters of dcgan-a layer by layer', async () => {
    for (const d of [1, 32, 128]) {
      const { catalogue } = await listModels({ depth: d });
      // five 4 x 4 convolutions per network, two parameters per normalized channel, two fully connected layers
      const generator = 16 * (7 * 8 * d + 8 * d * 4 * d + 4 * d * 2 * d + 2 * d * d + d) + 2 * (8 + 4 + 2 + 1) * d;
      const convolutions = 16 * (d + d * 2 * d + 2 * d * 4 * d + 4 * d * 8 * d + 8 * d * d);
      const discriminator = convolutions + 2 * (2 + 4 + 8 + 1) * d + (16 * d * 512 + 512) + (512 + 1);
      expect(catalogue.find(({ name }) => name === 'dcgan-a')).toMatchObject({
        depth: d,
        noiseShape: [7, 2, 8],
        rollShape: [1, 64, 256],
        generatorParameters: generator,
        discriminatorParameters: discriminator,
      });
    }
  });

  it('uses default depths when none is given, and refuses a depth that no model can have', async () => {
    expect((await listModels({ depth: undefined })).catalogue[0]).toMatchObject({ name: 'dcgan-a', depth: 32 });
    await expect(listModels({ depth: 4000 })).rejects.toThrow('no model of the catalogue can have depth 4000');
  });

  it('is described in lines', async () => {
    const lines = describeModels(await listModels({ depth: undefined })).join('\n');
    expect(lines).toContain('generator 718,272 parameters, discriminator 1,083,841');
    expect(lines).toContain('recipe globalNoise=64, ');
    expect(lines.match(/recipe/g)).toHaveLength(1);
    expect(lines).toContain('No trained model comes with this copy.');
  });
});
