/** The data that a worker starts with. */
export interface WorkerThreadData {
  /** URL of a module. */
  readonly module: string;
  /** Its export that makes the task: () => Promise<Task>. */
  readonly exportName: string;
}

/** To a worker: begin a job, or make more of its outputs. Jobs are done one after the other. */
export type WorkerRequest =
  { readonly job: number; readonly input: unknown } | { readonly job: number; readonly more: number };

/** From a worker, about one job. */
export type WorkerResponse =
  | { readonly job: number; readonly output: unknown }
  | { readonly job: number; readonly done: true }
  | { readonly job: number; readonly failed: { readonly message: string; readonly stack: string } };

/** How many outputs of a job are made before the first is taken: one to take and one to follow. */
export const OUTPUTS_AHEAD = 2;
