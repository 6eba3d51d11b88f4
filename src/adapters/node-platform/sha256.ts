import { hash } from 'node:crypto';
import type { Digest } from '../../ports/digest.js';

export const sha256: Digest = async (bytes) => hash('sha256', bytes, 'hex');
