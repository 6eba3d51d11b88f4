import { createTfjsEngine } from '../../src/adapters/tfjs/tfjs-engine.js';
import { tfjsDeviceProbe } from '../../src/adapters/tfjs/device-probe.js';
import { loadTfjs } from '../../src/adapters/tfjs/tfjs-library.js';
import { deviceProbeContract } from '../contracts/device-probe.contract.js';
import { tensorEngineContract } from '../contracts/tensor-engine.contract.js';
import { tfjsLeakTests } from '../support/tensor/leak-tests.js';
import { runProbeScript } from '../../src/adapters/node-platform/run-probe-script.js';

const tf = await loadTfjs('cpu', 2);

tensorEngineContract('tfjs, cpu', () => createTfjsEngine(tf, 'cpu'));
tfjsLeakTests('cpu', tf, createTfjsEngine(tf, 'cpu'));
deviceProbeContract('tfjs with tfjs-node', () => tfjsDeviceProbe(runProbeScript), 'cpu');
