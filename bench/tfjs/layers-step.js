// The training step of dcgan-a written with the layers, gradients and optimizer of tfjs, for comparison:
//   NODE_PATH=... node bench/tfjs/layers-step.js DEPTH BATCH STEPS
// It runs the generator once for each network's update, because tfjs differentiates functions that it runs itself; our
// program runs it once. Prints the milliseconds of each step and the peak memory as JSON. Run by bench/engines.js.
import { createRequire } from 'node:module';

process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
process.env.TF_NUM_INTRAOP_THREADS ??= '2';
const tf = createRequire(import.meta.url)('@tensorflow/tfjs-node');

const [depth, batch, steps] = process.argv.slice(2).map(Number);
const kernelInitializer = tf.initializers.randomNormal({ mean: 0, stddev: 0.02 });
const geometry = { kernelSize: 4, strides: 2, padding: 'same', useBias: false, kernelInitializer };
const up = (filters, more = {}) => tf.layers.conv2dTranspose({ filters, ...geometry, ...more });
const down = (filters, more = {}) => tf.layers.conv2d({ filters, ...geometry, ...more });
const norm = () => tf.layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 });
const leaky = () => tf.layers.leakyReLU({ alpha: 0.2 });

const generator = tf.sequential({
  layers: [
    ...[up(8 * depth, { inputShape: [2, 8, 7] }), norm(), leaky()],
    ...[up(4 * depth), norm(), leaky()],
    ...[up(2 * depth), norm(), leaky()],
    ...[up(depth), norm(), leaky()],
    up(1, { activation: 'sigmoid' }),
  ],
});
const discriminator = tf.sequential({
  layers: [
    ...[down(depth, { inputShape: [64, 256, 1] }), leaky()],
    ...[down(2 * depth), norm(), leaky()],
    ...[down(4 * depth), norm(), leaky()],
    ...[down(8 * depth), norm(), leaky()],
    ...[down(depth), norm(), leaky()],
    ...[tf.layers.flatten(), tf.layers.dense({ units: 512, kernelInitializer }), leaky()],
    tf.layers.dense({ units: 1, kernelInitializer }),
  ],
});
const createOptimizer = () => tf.train.adam(2e-4, 0.5, 0.999, 1e-8);
const [generatorOptimizer, discriminatorOptimizer] = [createOptimizer(), createOptimizer()];
const weightsOf = (network) => network.trainableWeights.map((weight) => weight.val);
const crossEntropyWithLabel = (label, logits) => tf.mean(tf.softplus(label === 1 ? tf.neg(logits) : logits));
const training = { training: true };

function step(real, noise) {
  return tf.tidy(() => {
    const fake = generator.apply(noise, training);
    const discriminatorLoss = tf.variableGrads(() => {
      const onReal = crossEntropyWithLabel(1, discriminator.apply(real, training));
      const onFake = crossEntropyWithLabel(0, discriminator.apply(fake, training));
      return tf.mul(tf.add(onReal, onFake), 0.5);
    }, weightsOf(discriminator));
    discriminatorOptimizer.applyGradients(discriminatorLoss.grads);
    const generatorLoss = tf.variableGrads(
      () => crossEntropyWithLabel(1, discriminator.apply(generator.apply(noise, training), training)),
      weightsOf(generator),
    );
    generatorOptimizer.applyGradients(generatorLoss.grads);
    return [discriminatorLoss.value.dataSync()[0], generatorLoss.value.dataSync()[0]];
  });
}

const real = tf.tidy(() => tf.cast(tf.less(tf.randomUniform([batch, 64, 256, 1]), 0.05), 'float32'));
const noise = tf.randomNormal([batch, 2, 8, 7]);
const milliseconds = [];
for (let i = 0; i < steps + 1; i++) {
  const start = performance.now();
  step(real, noise);
  milliseconds.push(performance.now() - start);
}
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ milliseconds: milliseconds.slice(1), megabytes }));
