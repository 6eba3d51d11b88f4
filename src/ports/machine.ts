/** The machine that the program runs on, as far as it decides how fast it is. */
export interface MachineFacts {
  /** Such as `linux x64`. */
  readonly platform: string;
  /** Version of Node.js, without the v. */
  readonly node: string;
  /** Threads that can run at once. */
  readonly cores: number;
  /** Bytes of memory that this program may use in all, and that are free now. */
  readonly memory: { readonly total: number; readonly free: number };
}

/**
 * Promises, one test each in test/contracts/machine.contract.ts:
 * - Cores are 1 or more, and free memory is not more than all of it.
 */
export interface Machine {
  facts(): MachineFacts;
}
