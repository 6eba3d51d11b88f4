/** What a path holds: lines for people, and the same as an object for programs. */
export interface Inspection<T extends object = object> {
  readonly lines: readonly string[];
  readonly json: T;
}

/** Inspects one kind of thing. */
export type InspectPath<T extends object = object> = (path: string) => Promise<Inspection<T>>;
