// Prints after `npm test` which engines and devices the tests have not run.
import { onnxruntimeDeviceProbe } from '../dist/adapters/onnx/session/device-probe.js';
import { referenceDeviceProbe } from '../dist/adapters/reference/device-probe.js';
import { tfjsDeviceProbe } from '../dist/adapters/tfjs/device-probe.js';

/** Engines and devices on which the tests of a plain install run the contract. */
const TESTED = new Set(['reference on cpu', 'onnxruntime on cpu', 'tfjs on wasm', 'tfjs on js']);
/** Engines and devices that have never been run, for lack of hardware. */
const NEVER_RUN = new Set(['onnxruntime on cuda', 'tfjs on gpu']);

const all = [onnxruntimeDeviceProbe(), tfjsDeviceProbe(), referenceDeviceProbe].flatMap(({ engine, devices }) =>
  devices.map((device) => `${engine} on ${device}`),
);
const elsewhere = all.filter((each) => !TESTED.has(each) && !NEVER_RUN.has(each));

process.stdout.write(
  [
    `Engines tested here: ${all.filter((each) => TESTED.has(each)).join(', ')}.`,
    `NOT tested here: ${elsewhere.join(', ')}; npm run test:engines tests them where they are installed.`,
    `Not run on a GPU by anybody yet: ${all.filter((each) => NEVER_RUN.has(each)).join(', ')}.`,
    '',
  ].join('\n'),
);
