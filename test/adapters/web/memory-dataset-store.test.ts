import { sha256 } from '../../../src/adapters/node-platform/sha256.js';
import { datasetStoreContract } from '../../contracts/dataset-store.contract.js';
import { createMemoryDatasetStore } from '../../../src/adapters/web/memory-dataset-store.js';

datasetStoreContract('memory', () => {
  const store = createMemoryDatasetStore({ digest: sha256 });
  const path = 'data/set';
  const spoil = (damage: string): void => void store.datasets.set(path, { ...store.datasets.get(path)!, damage });
  return {
    store,
    path,
    exists: (asked) => store.datasets.has(asked),
    damage: (file, how) => spoil(`${file} is ${how}`),
    changeVersion: () => spoil('of another version'),
  };
});
