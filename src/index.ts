// The public interface of Apollo for Node.

export * from './core.js';
export { createServiceProvider } from './app/wiring/build-container.js';
export type { ContainerOptions } from './app/wiring/container-options.js';
export type { ServiceProvider, Services } from './app/wiring/services.js';
