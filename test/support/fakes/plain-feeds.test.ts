import { feedSourceContract } from '../../contracts/batch-loader.contract.js';
import { plainFeeds } from './plain-feeds.js';

feedSourceContract('plain feeds', () => plainFeeds());
