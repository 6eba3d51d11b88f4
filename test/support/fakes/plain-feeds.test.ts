import { feedSourceContract } from '../../contracts/feed-source.contract.js';
import { plainFeeds } from './plain-feeds.js';

feedSourceContract('plain feeds', () => plainFeeds());
