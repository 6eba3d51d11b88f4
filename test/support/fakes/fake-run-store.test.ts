import { runStoreContract } from '../../contracts/run-store.contract.js';
import { createFakeRunStore } from './fake-run-store.js';

runStoreContract('fake', () => {
  const store = createFakeRunStore();
  const path = 'runs/first';
  return {
    store,
    path,
    damageCheckpoint: async (step) => {
      store.runs.get(path)!.damaged.add(step);
      return `/${step}`;
    },
    damageConfiguration: async () => {
      store.runs.get(path)!.unreadable = true;
    },
    leaveDeadLock: async () => {
      store.runs.get(path)!.holder = 'a dead process';
    },
  };
});
