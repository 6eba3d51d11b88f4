import { sha256 } from '../../../src/adapters/node-platform/sha256.js';
import { digestContract } from '../../contracts/digest.contract.js';

digestContract('node:crypto', sha256);
