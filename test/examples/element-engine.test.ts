import { elementEngine } from '../../examples/element-engine/element-engine.js';
import { tensorEngineContract } from '../contracts/tensor-engine.contract.js';

tensorEngineContract('element (example)', () => elementEngine);
