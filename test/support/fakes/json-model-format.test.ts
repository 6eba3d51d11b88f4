import { modelFormatContract } from '../../contracts/model-format.contract.js';
import { jsonModelFormat } from './json-model-format.js';

modelFormatContract('json', () => jsonModelFormat);
