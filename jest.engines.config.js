import base from './jest.config.js';

process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // TensorFlow's library would log into the report

/**
 * The tests of engines that a plain install does not bring, and of all engines against each other. They fail, never skip,
 * when an engine is missing: README.md says how to get each.
 */
export default { ...base, roots: ['<rootDir>/test/engines'], testPathIgnorePatterns: ['/node_modules/'] };
