import type { ContainerOptions } from './container-options.js';
import type { Services } from './services.js';

/**
 * The options; each service under its name; and under `load` and its name a function that builds it when first called.
 */
type Injectable = Services & { readonly options: ContainerOptions } & {
  readonly [K in keyof Services as `load${Capitalize<K>}`]: () => Promise<Services[K]>;
};

/** How a service is built: what is injected into it by name, and a function that loads its module and creates it. */
export interface Provider<T> {
  readonly needs: readonly (keyof Injectable)[];
  // A method, so that providers of any needs fit into one table.
  create(parts: Partial<Injectable>): T | Promise<T>;
}

/** The providers of all services. A service without one does not compile. */
export type ProviderTable = { readonly [K in keyof Services]: Provider<Services[K]> };

/** One row of the table. The parts that `create` gets are those that `needs` names. */
export const provide = <T, const N extends readonly (keyof Injectable)[]>(
  needs: N,
  create: (parts: Pick<Injectable, N[number]>) => T | Promise<T>,
): Provider<T> => ({ needs, create: (parts) => create(parts as Pick<Injectable, N[number]>) });

/** The name under which the loader of a service is injected: `loadCompose` for `compose`. */
export const loaderName = (name: string): string => `load${name.charAt(0).toUpperCase()}${name.slice(1)}`;
