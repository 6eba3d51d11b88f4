/** Whether two byte arrays are equal: fast, for arrays that an assertion would take long to compare. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
