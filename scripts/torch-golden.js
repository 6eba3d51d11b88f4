// Prints the input of scripts/torch_golden.py as JSON: the initial weights of dcgan-a, rolls and noise of five steps.
//   npm run build && node scripts/torch-golden.js | python3 scripts/torch_golden.py > test/golden/torch-dcgan-a.json
import { buildModel } from '../dist/domain/model/catalogue/catalogue.js';
import { normals, randomStream } from '../dist/domain/random.js';
import { initialState } from '../dist/domain/training/training-program.js';

const [depth, batch, seed, steps] = [1, 2, 5, 5];
const plain = ({ shape, data }) => ({ shape, data: Array.from(data) });
const state = initialState(buildModel('dcgan-a', depth), seed);
const feeds = Array.from({ length: steps }, (_, step) => {
  const cells = randomStream(seed, 'tests', step);
  return {
    real: plain({
      shape: [batch, 1, 64, 256],
      data: Float32Array.from({ length: batch * 64 * 256 }, () => (cells.below(20) === 0 ? 1 : 0)),
    }),
    noise: plain({ shape: [batch, 7, 2, 8], data: normals(randomStream(seed, 'noise', step), batch * 7 * 2 * 8) }),
  };
});
const weights = Object.fromEntries([...state].map(([name, tensor]) => [name, plain(tensor)]));
process.stdout.write(JSON.stringify({ depth, batch, seed, state: weights, feeds }));
