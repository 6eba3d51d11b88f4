/** Joins arrays of numbers. A single one is returned itself, not copied. */
export function concatenate<T extends Float32Array | Uint8Array>(
  parts: readonly T[],
  create: (length: number) => T,
): T {
  if (parts.length === 1) return parts[0]!;
  const all = create(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

export const concatenateBytes = (parts: readonly Uint8Array[]): Uint8Array =>
  concatenate(parts, (length) => new Uint8Array(length));
