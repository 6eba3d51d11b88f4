import { sha256 } from '../../../src/adapters/node-platform/sha256.js';
import { yieldToEventLoop } from '../../../src/adapters/node-platform/yield-to-event-loop.js';
import { zlibCompression } from '../../../src/adapters/node-platform/zlib-compression.js';
import { compressionContract } from '../../contracts/compression.contract.js';
import { digestContract } from '../../contracts/digest.contract.js';
import { eventLoopContract } from '../../contracts/event-loop.contract.js';

digestContract('node:crypto', sha256);
compressionContract('node:zlib', zlibCompression);
eventLoopContract('setImmediate', yieldToEventLoop);
