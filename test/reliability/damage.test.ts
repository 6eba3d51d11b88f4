import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readCheckpoint, writeCheckpoint } from '../../src/adapters/node-files/run/checkpoint-file.js';
import { createNodeDatasetStore } from '../../src/adapters/node-files/dataset/node-dataset-store.js';
import { onnxModelFormat } from '../support/onnx-model-format.js';
import { createInspectModel } from '../../src/app/inspect/inspect-model.js';
import { buildModel } from '../../src/domain/model/catalogue/catalogue.js';
import { DamagedFileError } from '../../src/domain/errors.js';
import { randomStream } from '../../src/domain/random.js';
import { initialState } from '../../src/domain/training/training-program.js';
import { writeTestDataset } from '../contracts/dataset-store.contract.js';
import { createMemoryFileStore } from '../../src/adapters/web/memory-file-store.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();
const FLIPS = 1000;
const CUTS = 200;

/** Reads what is left of a file; resolves with the error, or with undefined when it found nothing wrong. */
type Look = (damaged: Uint8Array) => Promise<unknown>;

interface Findings {
  readonly messages: readonly string[];
  /** How many name a tensor. */
  readonly named: number;
}

/** Looks at a file with one bit flipped, a thousand times, and cut short, two hundred times. */
async function damage(file: Buffer, look: Look): Promise<{ readonly flips: Findings; readonly cuts: Findings }> {
  const whole = Uint8Array.from(file); // a Buffer's slices would share its memory
  const random = randomStream(4, 'tests', whole.length);
  const flips = await findings(FLIPS, look, () => {
    const bytes = whole.slice();
    bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
    return bytes;
  });
  const cuts = await findings(CUTS, look, () => whole.slice(0, random.below(whole.length)));
  return { flips, cuts };
}

async function findings(times: number, look: Look, make: () => Uint8Array): Promise<Findings> {
  const messages: string[] = [];
  for (let i = 0; i < times; i++) {
    const error = await look(make());
    if (!(error instanceof DamagedFileError)) throw new Error(`damage ${i} gave ${String(error)}`);
    messages.push(error.message);
  }
  return { messages, named: messages.filter((message) => /tensor "[^"]+"/.test(message)).length };
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

function expectNamed({ messages }: Findings, file: string): void {
  expect(messages.filter((message) => !message.includes(file) || message.length > 600)).toEqual([]);
}

describe('1,000 flipped bits and 200 cuts are all found, and the file is named', () => {
  it('in a checkpoint, and the tensor', async () => {
    const model = { architecture: 'dcgan-a', depth: 1 };
    const path = join(scratch(), 'step-000000007.safetensors');
    await writeCheckpoint(path, { step: 7, model, state: initialState(buildModel('dcgan-a', 1), 3) });
    const { flips, cuts } = await damage(readFileSync(path), (bytes) => {
      writeFileSync(path, bytes);
      return errorOf(readCheckpoint(path, model));
    });
    for (const found of [flips, cuts]) expectNamed(found, path);
    expect(flips.named).toBeGreaterThan(0.8 * FLIPS); // the others are in the header
    expect(cuts.named).toBeGreaterThan(0.8 * CUTS);
  });

  it.each(['chunk-00000.npy', 'dataset.json'])('in %s of a dataset', async (file) => {
    const path = join(scratch(), 'set');
    const store = createNodeDatasetStore();
    await writeTestDataset(store, path, 300);
    const name = join(path, file);
    const { flips, cuts } = await damage(readFileSync(name), (bytes) => {
      writeFileSync(name, bytes);
      return errorOf(store.open(path));
    });
    for (const found of [flips, cuts]) expectNamed(found, name);
  });

  describe('in each shipped model, and the tensor', () => {
    const files = createMemoryFileStore();
    const inspect = createInspectModel({ files, modelFormat: onnxModelFormat });
    let models: readonly string[];
    beforeAll(() => {
      models = readdirSync('models').filter((name) => name.endsWith('.onnx'));
      expect(models.length).toBeGreaterThan(0);
    });

    it('', async () => {
      for (const name of models) {
        const { flips, cuts } = await damage(readFileSync(join('models', name)), async (bytes) => {
          files.files.set(name, bytes);
          return errorOf(inspect(name));
        });
        for (const found of [flips, cuts]) expectNamed(found, name);
        expect({ name, most: flips.named > 0.8 * FLIPS && cuts.named > 0.8 * CUTS }).toEqual({ name, most: true });
      }
    });
  });
});
