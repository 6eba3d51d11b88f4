/** Wall time, for rates and time left only: no result depends on it. */
export interface Clock {
  /** Milliseconds since some fixed moment, never going back. */
  now(): number;
}
