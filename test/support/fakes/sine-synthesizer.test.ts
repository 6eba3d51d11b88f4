import { synthesizerContract } from '../../contracts/synthesizer.contract.js';
import { sineFont, sineSynthesizer } from './sine-synthesizer.js';

synthesizerContract('sine', sineSynthesizer, () => sineFont('0,40,48,drums'));
