import { relative } from 'node:path';

/** Relative to the working folder where it lies in it, as a user would type it. */
export function shorterPath(path: string): string {
  const fromHere = relative('', path);
  return fromHere.startsWith('..') || fromHere === '' ? path : fromHere;
}
