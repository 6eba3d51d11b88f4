import { feedSourceContract } from '../../contracts/batch-loader.contract.js';
import { plainFeeds } from './plain-batch-loader.js';

feedSourceContract('plain feeds', () => plainFeeds());
