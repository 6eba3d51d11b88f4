import { createHash } from 'node:crypto';
import { chunkName, digestInput } from '../../../src/domain/dataset/chunk.js';
import { CHUNK_ROLLS, DATASET_VERSION, type DatasetManifest } from '../../../src/domain/dataset/manifest.js';
import { AlreadyExistsError, DamagedFileError, FileAccessError } from '../../../src/domain/errors.js';
import { packedSize } from '../../../src/domain/roll/piano-roll.js';
import type { DatasetStore } from '../../../src/ports/dataset-store.js';

export interface MemoryDataset {
  readonly manifest: DatasetManifest;
  readonly packed: readonly Uint8Array[];
  /** What opening it must complain of. */
  readonly damage?: string;
}

/** Datasets in memory, by path. */
export function memoryDatasetStore(): DatasetStore & { readonly datasets: Map<string, MemoryDataset> } {
  const datasets = new Map<string, MemoryDataset>();
  const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
  return {
    datasets,
    async create(path, format, { replace }) {
      if (datasets.has(path) && !replace) throw new AlreadyExistsError(`${path} exists already`);
      const packed: Uint8Array[] = [];
      return {
        async add(rolls) {
          const size = packedSize(format);
          for (let at = 0; at < rolls.length; at += size) packed.push(Uint8Array.from(rolls.subarray(at, at + size)));
        },
        async finish(description) {
          const chunks = Array.from({ length: Math.ceil(packed.length / CHUNK_ROLLS) }, (_, i) => {
            const rolls = packed.slice(i * CHUNK_ROLLS, (i + 1) * CHUNK_ROLLS);
            return { file: chunkName(i), rolls: rolls.length, sha256: sha256(Buffer.concat(rolls)) };
          });
          const digest = sha256(digestInput(format, chunks));
          const counts = { version: DATASET_VERSION, format, rolls: packed.length, chunks, digest } as const;
          const manifest: DatasetManifest = { ...counts, ...description };
          datasets.set(path, { manifest, packed });
          return manifest;
        },
        async abandon() {
          packed.length = 0;
        },
      };
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
