import { openOrtSession } from '../../../src/adapters/onnx/session/ort-session.js';
import type { OpenResidentSession, Resident } from '../../../src/adapters/onnx/session/webgpu-session.js';
import type { Tensor } from '../../../src/domain/tensor/tensor.js';

/** A device that is the cpu: what stays there can be used until it is freed, by no other name than its own. */
export function cpuResidentSession() {
  const memory = new Map<Resident, Tensor>();
  const counts = { sent: 0, brought: 0, open: 0 };
  const open: OpenResidentSession = async (model, staying) => {
    const session = await openOrtSession(model, { device: 'cpu', threads: 1 });
    counts.open++;
    return {
      async run(given, resident) {
        counts.sent += given.size;
        const there = [...resident].map(([name, handle]) => {
          const tensor = memory.get(handle);
          if (tensor === undefined) throw new Error(`${name} was freed`);
          return [name, tensor] as const;
        });
        const results = [...(await session.run(new Map([...given, ...there])))];
        const here = new Map(results.filter(([name]) => !staying.has(name)));
        counts.brought += here.size;
        return { here, there: new Map(results.filter(([name]) => staying.has(name)).map(kept)) };
      },
      async release() {
        counts.open--;
        await session.release();
      },
    };
  };
  const kept = ([name, tensor]: readonly [string, Tensor]): [string, Resident] => {
    const handle: Resident = {
      dispose: () => {
        if (!memory.delete(handle)) throw new Error(`${name} was freed twice`);
      },
    };
    memory.set(handle, tensor);
    return [name, handle];
  };
  return {
    open,
    /** Tensors in the device's memory. */
    held: () => memory.size,
    sentThere: () => counts.sent,
    broughtHere: () => counts.brought,
    /** Sessions that are open. */
    opened: () => counts.open,
  };
}
