/** The engines that train, by name. engines.ts has a row for each. */
export const ENGINE_NAMES = ['onnxruntime', 'tfjs', 'reference'] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];
