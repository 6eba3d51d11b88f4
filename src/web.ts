// The public interface of Apollo for browsers and their workers. Nothing that it reaches needs Node
// (test/web-architecture.test.ts).

export * from './core.js';
export { createMemoryFileStore, type MemoryFileStore } from './adapters/web/memory-file-store.js';
export { createWebServices, type WebOptions, type WebServices } from './app/wiring/web-services.js';
export type { ComposeRequest, ComposeResult } from './app/compose/compose-request.js';
export type { EvaluateRequest } from './app/evaluate/evaluate.js';
export type { EvaluateResult } from './app/evaluate/evaluation-result.js';
export type { PrepareRequest, PrepareResult } from './app/prepare/prepare.js';
export type { GeneratorRuntime, Generator } from './ports/generator-runtime.js';
