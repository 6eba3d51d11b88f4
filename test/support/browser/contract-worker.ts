import { createStandardMidiReader } from '../../../src/adapters/midi/standard-midi-reader.js';
import { createStandardMidiWriter } from '../../../src/adapters/midi/standard-midi-writer.js';
import { createOnnxModelFormat } from '../../../src/adapters/onnx/model/model-format.js';
import { createReferenceEngine } from '../../../src/adapters/reference/reference-engine.js';
import { createPngEncoder } from '../../../src/adapters/render/png-encoder.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { webCompression } from '../../../src/adapters/web/web-compression.js';
import { webDigest } from '../../../src/adapters/web/web-digest.js';
import { webYieldToEventLoop } from '../../../src/adapters/web/web-event-loop.js';
import { compressionContract } from '../../contracts/compression.contract.js';
import { digestContract } from '../../contracts/digest.contract.js';
import { eventLoopContract } from '../../contracts/event-loop.contract.js';
import { fileStoreContract } from '../../contracts/file-store.contract.js';
import { midiContract } from '../../contracts/midi.contract.js';
import { createEngineGeneratorRuntime } from '../../../src/app/models/engine-generator-runtime.js';
import { createEngineRegistry, onCpuOnly } from '../../../src/app/wiring/engine-registry.js';
import { generatorRuntimeContract } from '../../contracts/generator-runtime.contract.js';
import { modelFormatContract } from '../../contracts/model-format.contract.js';
import { pictureEncoderContract } from '../../contracts/picture-encoder.contract.js';
import { decodePng } from '../decode-png.js';
import { tinyGenerator, tinyMetadata } from '../model/tiny-generator.js';
import { runTests, type TestResult } from './jest-globals.js';

digestContract('Web Cryptography', webDigest);
compressionContract('Compression Streams', webCompression);
eventLoopContract('MessageChannel', webYieldToEventLoop);
fileStoreContract('memory', async () => ({ files: createMemoryFileStore(['/root']), root: '/root' }));
midiContract('MIDI', async () => ({ reader: createStandardMidiReader(), writer: createStandardMidiWriter() }));

const modelFormat = createOnnxModelFormat({ digest: webDigest });
modelFormatContract('ONNX', () => modelFormat);
pictureEncoderContract('PNG', () => createPngEncoder({ compression: webCompression }), decodePng);
generatorRuntimeContract('on the reference engine', () => ({
  runtime: createEngineGeneratorRuntime({
    modelFormat,
    engines: createEngineRegistry({ reference: onCpuOnly(() => createReferenceEngine(webYieldToEventLoop)) }),
  }),
  model: modelFormat.encodeGenerator(tinyGenerator(), tinyMetadata),
  missingDevice: 'cuda',
}));

// A worker's own postMessage, which the types of Node do not have.
const worker = globalThis as unknown as { postMessage(results: readonly TestResult[]): void };
void runTests().then((results) => worker.postMessage(results));
