import { makeTfjsEngine } from '../../src/adapters/tfjs/tfjs-engine.js';
import { tfjsDeviceProbe } from '../../src/adapters/tfjs/device-probe.js';
import { loadTfjs } from '../../src/adapters/tfjs/tfjs-library.js';
import { deviceProbeContract } from '../contracts/device-probe.contract.js';
import { tensorEngineContract } from '../contracts/tensor-engine.contract.js';
import { leaksNothing } from '../support/tensor/leak.js';

const tf = await loadTfjs('cpu', 2);

tensorEngineContract('tfjs, cpu', () => makeTfjsEngine(tf, 'cpu'));
leaksNothing('cpu', tf, makeTfjsEngine(tf, 'cpu'));
deviceProbeContract('tfjs with tfjs-node', () => tfjsDeviceProbe(), 'cpu');
