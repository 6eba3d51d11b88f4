import { openScoreReaders } from '../../../src/app/wiring/score-readers.js';
import { scoreReadersContract } from '../../contracts/score-readers.contract.js';

scoreReadersContract('of the program', openScoreReaders);
