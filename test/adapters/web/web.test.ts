import { webCompression } from '../../../src/adapters/web/web-compression.js';
import { webDigest } from '../../../src/adapters/web/web-digest.js';
import { webYieldToEventLoop } from '../../../src/adapters/web/web-event-loop.js';
import { compressionContract } from '../../contracts/compression.contract.js';
import { digestContract } from '../../contracts/digest.contract.js';
import { eventLoopContract } from '../../contracts/event-loop.contract.js';

// Node has the same interfaces. test/browser/web.test.ts runs the contracts in a browser's worker.
digestContract('Web Cryptography', webDigest);
compressionContract('Compression Streams', webCompression);
eventLoopContract('MessageChannel', webYieldToEventLoop);
