import { concatenateBytes } from '../../domain/concatenate.js';
import { chunkName, digestInput } from '../../domain/dataset/chunk.js';
import { CHUNK_ROLLS, DATASET_VERSION, type DatasetManifest } from '../../domain/dataset/manifest.js';
import { AlreadyExistsError, DamagedFileError, FileAccessError } from '../../domain/errors.js';
import { packedSize } from '../../domain/roll/piano-roll.js';
import type { RollFormat } from '../../domain/roll/roll-format.js';
import type { DatasetStore, DatasetWriter } from '../../ports/dataset-store.js';
import type { Digest } from '../../ports/digest.js';

export interface MemoryDataset {
  readonly manifest: DatasetManifest;
  readonly packed: readonly Uint8Array[];
  /** The problem that opening it reports. */
  readonly damage?: string;
}

/** A DatasetStore in memory, whose datasets can be read by path. */
export interface MemoryDatasetStore extends DatasetStore {
  readonly datasets: Map<string, MemoryDataset>;
}

export function createMemoryDatasetStore({ digest }: { readonly digest: Digest }): MemoryDatasetStore {
  const datasets = new Map<string, MemoryDataset>();
  return {
    datasets,
    async create(path, format, { replace }) {
      if (datasets.has(path) && !replace) throw new AlreadyExistsError(`${path} exists already`);
      return createWriter(format, digest, (dataset) => void datasets.set(path, dataset));
    },
    async open(path) {
      const dataset = datasets.get(path);
      if (dataset === undefined) throw new FileAccessError(`cannot open the dataset ${path}: no such file or folder`);
      if (dataset.damage !== undefined) throw new DamagedFileError(`${path}: ${dataset.damage}`);
      const { manifest, packed } = dataset;
      return { manifest, packedRoll: (index) => packed[index]!.slice(), close: async () => undefined };
    },
  };
}

function createWriter(format: RollFormat, digest: Digest, publish: (dataset: MemoryDataset) => void): DatasetWriter {
  const packed: Uint8Array[] = [];
  return {
    async add(rolls) {
      const size = packedSize(format);
      for (let at = 0; at < rolls.length; at += size) packed.push(Uint8Array.from(rolls.subarray(at, at + size)));
    },
    async finish(description) {
      const chunks = [];
      for (let first = 0; first < packed.length; first += CHUNK_ROLLS) {
        const rolls = packed.slice(first, first + CHUNK_ROLLS);
        const file = chunkName(first / CHUNK_ROLLS);
        chunks.push({ file, rolls: rolls.length, sha256: await digest(concatenateBytes(rolls)) });
      }
      const text = new TextEncoder().encode(digestInput(format, chunks));
      const counts = {
        version: DATASET_VERSION,
        format,
        rolls: packed.length,
        chunks,
        digest: await digest(text),
      } as const;
      const manifest: DatasetManifest = { ...counts, ...description };
      publish({ manifest, packed });
      return manifest;
    },
    async abandon() {
      packed.length = 0;
    },
  };
}
