/** The outputs of one input while a worker makes them and somebody takes them. */
export class WorkerTask<Output> {
  private readonly made: Output[] = [];
  private isDone = false;
  private failure: Error | undefined;
  private wake: (() => void) | undefined;

  /** @param askForMore is called for each output that is taken */
  constructor(private readonly askForMore: () => void) {}

  add(output: Output): void {
    this.made.push(output);
    this.wake?.();
  }

  finish(): void {
    this.isDone = true;
    this.wake?.();
  }

  /** Earlier outputs can still be consumed. */
  fail(failure: Error): void {
    if (!this.isDone) this.failure ??= failure;
    this.wake?.();
  }

  async *outputs(): AsyncGenerator<Output> {
    for (;;) {
      if (this.made.length > 0) {
        const output = this.made.shift()!;
        if (!this.isDone) this.askForMore();
        yield output;
      } else if (this.failure !== undefined) throw this.failure;
      else if (this.isDone) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
