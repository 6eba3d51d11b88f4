import { makeTfjsEngine } from '../../src/adapters/tfjs/tfjs-engine.js';
import { loadTfjs } from '../../src/adapters/tfjs/tfjs-library.js';
import { tensorEngineContract } from '../contracts/tensor-engine.contract.js';

const tf = await loadTfjs('cpu', 2);

tensorEngineContract('tfjs, cpu', () => makeTfjsEngine(tf, 'cpu'));
