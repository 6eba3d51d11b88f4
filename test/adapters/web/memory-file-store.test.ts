import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { fileStoreContract } from '../../contracts/file-store.contract.js';

fileStoreContract('memory', async () => ({ files: createMemoryFileStore(['/root']), root: '/root' }));
