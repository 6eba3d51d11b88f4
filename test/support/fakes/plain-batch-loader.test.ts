import { batchLoaderContract } from '../../contracts/batch-loader.contract.js';
import { plainBatchLoader } from './plain-batch-loader.js';

batchLoaderContract('plain feeds', () => plainBatchLoader());
