// Sound: seconds of music rendered in a second, on one core, after the SoundFont is loaded.
//   npm run bench -- sound        or, after a build, node bench/sound.js
import { readFileSync } from 'node:fs';
import { spessasynth } from '../dist/adapters/sound/spessasynth.js';
import { composeDemoTune } from '../dist/domain/demo/tune-composer.js';
import { randomStream } from '../dist/domain/random.js';
import { mixDown, mixdownFrames } from '../dist/domain/sound/mixdown.js';
import { performScore } from '../dist/domain/sound/score-performance.js';
import { SAMPLE_RATE } from '../dist/domain/sound/stereo-block.js';
import { createWavWriter } from '../dist/domain/sound/wav.js';
import { median } from './statistics.js';

const RUNS = 5;

/** Renders tunes of the demo composer: melody and chords, piano. */
export async function bench() {
  const begin = performance.now();
  const soundFont = await spessasynth.load(
    new Uint8Array(readFileSync(new URL('../models/soundfont/apollo.sf3', import.meta.url))),
  );
  const loading = performance.now() - begin;
  const rates = [];
  for (let run = 0; run < RUNS; run++) {
    const { parts, seconds } = performScore(composeDemoTune(randomStream(run, 'tunes', 0)));
    const frames = mixdownFrames(seconds);
    const start = performance.now();
    const wave = createWavWriter(frames, { title: '', comment: '' });
    for (const block of mixDown(soundFont.render(parts, frames), seconds)) wave.append(block);
    rates.push(frames / SAMPLE_RATE / ((performance.now() - start) / 1000));
  }
  const rate = median(rates);
  return {
    figures: [
      { name: 'sound, piano, melody and chords', value: Math.round(rate), unit: 'x real time', goal: '>= 10' },
      { name: 'sound, loading the SoundFont', value: Math.round(loading), unit: 'ms', goal: '' },
    ],
    lines: [
      `sound: median of ${RUNS} tunes: ${rate.toFixed(1)} times real time; ` +
        `SoundFont loaded in ${Math.round(loading)} ms`,
    ],
  };
}
