import { fileStoreContract } from '../../contracts/file-store.contract.js';
import { memoryFileStore } from './memory-file-store.js';

fileStoreContract('memory', async () => ({ files: memoryFileStore(['/root']), root: '/root' }));
