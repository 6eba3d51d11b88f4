/** Whether a device works here. */
export type DeviceTrial =
  | { readonly device: string; readonly works: true }
  | {
      readonly device: string;
      readonly works: false;
      /** One line: what is missing. */
      readonly reason: string;
      /** The one command that would make it work, and what it needs besides; absent where nothing would. */
      readonly remedy?: string;
    };

/**
 * Finds out which devices an engine can run on, by running something on them.
 *
 * Promises, one test each in test/contracts/device-probe.contract.ts:
 * - Each device is named once, and `cpu` is among them.
 * - A trial that works has computed a correct value on that device.
 * - A trial that does not work gives the reason in one line and never rejects; so does an unknown device.
 * - Output of the native library is hidden.
 */
export interface DeviceProbe {
  /** The engine's name, such as `onnxruntime`. */
  readonly engine: string;
  readonly devices: readonly string[];
  attempt(device: string): Promise<DeviceTrial>;
}

/**
 * Runs a CommonJS script with arguments in a child process, since a native library may print, hang or crash. The script
 * prints `RESULT 42`, or `PROBLEM` and a message.
 * @returns the reason why the device does not work; undefined when it works
 */
export type RunProbeScript = (
  script: string,
  args: readonly string[],
  timeoutMs: number,
) => Promise<string | undefined>;
