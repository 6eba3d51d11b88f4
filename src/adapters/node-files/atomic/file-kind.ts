import type { Stats } from 'node:fs';

/** `a folder`, `a named pipe` ... for what is not an ordinary file. */
export function describeFileKind(facts: Stats): string {
  if (facts.isDirectory()) return 'a folder';
  if (facts.isFIFO()) return 'a named pipe';
  if (facts.isSocket()) return 'a socket';
  if (facts.isSymbolicLink()) return 'a link';
  return facts.isFile() ? 'a file' : 'a device';
}
