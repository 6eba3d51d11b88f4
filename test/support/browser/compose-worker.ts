import { createWebServices } from '../../../src/web.js';

/** A model's address, and the seed of the tune to compose with it. */
interface Request {
  readonly model: string;
  readonly seed: number;
}

// A worker's own functions, which the types of Node do not have.
const worker = globalThis as unknown as {
  onmessage: (event: { readonly data: Request }) => void;
  postMessage(result: unknown): void;
};

worker.onmessage = ({ data }) => void compose(data).then((digest) => worker.postMessage(digest));

/** Composes one tune and gives the digest of its MIDI file. */
async function compose({ model, seed }: Request): Promise<string> {
  const services = createWebServices();
  const response = await fetch(model);
  services.files.files.set('model.onnx', new Uint8Array(await response.arrayBuffer()));
  const request = { model: 'model.onnx', count: 1, seed, out: 'out', device: 'auto', replace: false };
  await services.compose({ ...request, qpm: 120, program: undefined });
  const midi = services.files.files.get('out/tune-0001.mid')!;
  return services.digest(midi);
}
