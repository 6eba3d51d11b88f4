import { createTfjsEngine } from '../../src/adapters/tfjs/tfjs-engine.js';
import { loadTfjs } from '../../src/adapters/tfjs/tfjs-library.js';
import { tensorEngineContract } from '../contracts/tensor-engine.contract.js';

// Beside a tfjs-node with a tfjs of its own, which is how CI has them.
const [wasm, js] = [await loadTfjs('wasm', 1), await loadTfjs('js', 1)];

tensorEngineContract('tfjs, wasm', () => createTfjsEngine(wasm, 'wasm'));
tensorEngineContract('tfjs, js', () => createTfjsEngine(js, 'js'));
