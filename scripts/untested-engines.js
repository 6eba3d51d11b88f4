// Prints after `npm test` which engines and devices the tests have not run.
import { onnxruntimeDeviceProbe } from '../dist/adapters/onnx/session/device-probe.js';
import { referenceDeviceProbe } from '../dist/adapters/reference/device-probe.js';
import { tfjsDeviceProbe } from '../dist/adapters/tfjs/device-probe.js';
import { runProbeScript } from '../dist/adapters/node-platform/run-probe-script.js';

/** The engines and devices on which `npm test` runs the contract of tensor engines. */
const TESTED = new Set(['reference on cpu', 'onnxruntime on cpu', 'tfjs on wasm', 'tfjs on js']);
/** What nobody has run yet, because nobody had the hardware. */
const NEVER_RUN = new Set(['tfjs on gpu']);
/** Trainings have been run on one NVIDIA H200; no test needs such a GPU. */
const RUN_BY_HAND = new Set(['onnxruntime on cuda']);

const all = [onnxruntimeDeviceProbe(runProbeScript), tfjsDeviceProbe(runProbeScript), referenceDeviceProbe].flatMap(
  ({ engine, devices }) => devices.map((device) => `${engine} on ${device}`),
);
const elsewhere = all.filter((each) => !TESTED.has(each) && !NEVER_RUN.has(each) && !RUN_BY_HAND.has(each));

process.stdout.write(
  [
    `Engines tested here: ${all.filter((each) => TESTED.has(each)).join(', ')}.`,
    `NOT tested here: ${elsewhere.join(', ')}; npm run test:engines tests them where they are installed.`,
    `Run by hand on a GPU, but not tested: ${all.filter((each) => RUN_BY_HAND.has(each)).join(', ')}.`,
    `Not run on a GPU by anybody yet: ${all.filter((each) => NEVER_RUN.has(each)).join(', ')}.`,
    '',
  ].join('\n'),
);
