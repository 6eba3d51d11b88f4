import { hash } from 'node:crypto';
import type { Digest } from '../../ports/digest.js';

export const sha256: Digest = (bytes) => hash('sha256', bytes, 'hex');
