import type { Container } from 'inversify';
import type { TerminalStream } from '../../ports/console.js';
import { providers } from './container.js';
import { loaderName } from './provider.js';

/** What the program is told from outside. */
export interface ContainerOptions {
  /** Folder of the installed package: its models and page scripts are found there. */
  readonly root: string;
  readonly quiet: boolean;
  /** Where the user is told what happens. */
  readonly terminal: TerminalStream;
  /** Whether that terminal shows colors. */
  readonly color: boolean;
  /** Is called with the first signal that asks to stop. */
  onSignal(signal: 'SIGINT' | 'SIGTERM'): void;
}

/** A container of all services, each built once, when it is first asked for. */
export async function buildContainer(options: ContainerOptions): Promise<Container> {
  const { Container } = await import('inversify');
  const container = new Container({ defaultScope: 'Singleton' });
  for (const [name, { needs, create }] of Object.entries(providers(options))) {
    const build = (...parts: unknown[]): unknown =>
      create(Object.fromEntries(needs.map((need, i) => [need, parts[i]])));
    container.bind<unknown>(name).toResolvedValue(build, [...needs]);
    container.bind<unknown>(loaderName(name)).toConstantValue(() => container.getAsync(name));
  }
  return container;
}
