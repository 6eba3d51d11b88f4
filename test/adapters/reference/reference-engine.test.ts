import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import { tensorEngineContract } from '../../contracts/tensor-engine.contract.js';

tensorEngineContract('reference', createReferenceEngine);
