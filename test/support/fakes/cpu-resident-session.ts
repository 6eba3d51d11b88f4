import { openOrtSession } from '../../../src/adapters/onnx/session/ort-session.js';
import type { OpenWebgpuSession, DeviceTensor } from '../../../src/adapters/onnx/session/webgpu-session.js';
import type { Tensor } from '../../../src/domain/tensor/tensor.js';

/** A device that is the cpu: what stays there can be used until it is freed, by no other name than its own. */
export function cpuResidentSession() {
  const memory = new Map<DeviceTensor, Tensor>();
  const counts = { sent: 0, brought: 0, open: 0 };
  const open: OpenWebgpuSession = async (model, staying) => {
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
        const hostOutputs = new Map(results.filter(([name]) => !staying.has(name)));
        counts.brought += hostOutputs.size;
        return { hostOutputs, deviceOutputs: new Map(results.filter(([name]) => staying.has(name)).map(kept)) };
      },
      async release() {
        counts.open--;
        await session.release();
      },
    };
  };
  const kept = ([name, tensor]: readonly [string, Tensor]): [string, DeviceTensor] => {
    const handle: DeviceTensor = {
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
