import type { Container } from 'inversify';
import { PROVIDERS } from './container.js';
import type { ContainerOptions } from './container-options.js';
import { loaderName } from './provider.js';
import type { ServiceProvider } from './services.js';

/** A container of all services, each built once, when it is first asked for. */
export async function buildContainer(options: ContainerOptions): Promise<Container> {
  const { Container } = await import('inversify');
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind<ContainerOptions>('options').toConstantValue(options);
  for (const [name, { needs, create }] of Object.entries(PROVIDERS)) {
    const build = (...parts: unknown[]): unknown =>
      create(Object.fromEntries(needs.map((need, i) => [need, parts[i]])));
    container.bind<unknown>(name).toResolvedValue(build, [...needs]);
    container.bind<unknown>(loaderName(name)).toConstantValue(() => container.getAsync(name));
  }
  return container;
}

/** Gives the services of a new container. */
export async function createServiceProvider(options: ContainerOptions): Promise<ServiceProvider> {
  const container = await buildContainer(options);
  return (name) => container.getAsync(name);
}
