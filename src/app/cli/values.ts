import { UsageError } from '../../domain/errors.js';

/** A seed is a whole number that a double holds exactly. */
export const MAX_SEED = Number.MAX_SAFE_INTEGER;

/** Parses `-5..6`: semitones, both ends included, each within -127..127. */
export function parseSemitones(text: string): { readonly from: number; readonly to: number } {
  const [, low, high] = /^([+-]?[0-9]{1,3})\.\.([+-]?[0-9]{1,3})$/.exec(text) ?? [];
  const [from, to] = [Number(low) + 0, Number(high) + 0];
  if (low === undefined || Math.abs(from) > 127 || Math.abs(to) > 127) {
    throw new UsageError(`semitones are written as in -5..6, within -127..127, got ${JSON.stringify(text)}`);
  }
  if (from > to) throw new UsageError(`the first number must not be more than the second, got ${text}`);
  return { from, to };
}

/** Parses `0-128`: columns from the first up to, but not including, the second. */
export function parseColumns(text: string): { readonly from: number; readonly to: number } {
  const [, first, end] = /^([0-9]{1,5})-([0-9]{1,5})$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(end)];
  if (first === undefined || from >= to) {
    throw new UsageError(
      `columns are written as in 0-128, from the first up to but not with the second, got ${JSON.stringify(text)}`,
    );
  }
  return { from, to };
}

/** Devices that run trained models; `auto` takes the best that works. */
export const DEVICES = ['auto', 'cpu', 'cuda'] as const;

/** Devices that train networks. Each engine says which of them it has. */
export const TRAINING_DEVICES = [...DEVICES, 'webgpu', 'gpu', 'wasm', 'js'] as const;

/** Parses `gamma=5,globalNoise=32`. The network checks the names. */
export function parseRecipe(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [, name, value] = /^\s*(\w+)\s*=\s*(\d*\.?\d+(?:e-?\d+)?)\s*$/i.exec(part) ?? [];
      if (name === undefined) throw new UsageError(`"${part}" is not a name and a number; write for example gamma=5`);
      return [name, Number(value)];
    }),
  );
}
