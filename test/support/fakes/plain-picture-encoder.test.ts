import { pictureEncoderContract } from '../../contracts/picture-encoder.contract.js';
import { decodePlainPicture, plainPictureEncoder } from './plain-picture-encoder.js';

pictureEncoderContract('plain', () => plainPictureEncoder, decodePlainPicture);
