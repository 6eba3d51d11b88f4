import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createStandardMidiWriter } from '../../src/adapters/midi/standard-midi-writer.js';
import type { Score } from '../../src/domain/music/score.js';
import { parseWav } from '../../src/domain/sound/wav.js';
import { runApollo, lastJson } from '../support/run-apollo.js';
import { decodePng } from '../support/decode-png.js';
import { scratchFolders } from '../support/files/scratch.js';

const scratch = scratchFolders();
const score: Score = {
  ...{ ticksPerBeat: 96, timeSignatures: [], keySignatures: [], endTick: 192 },
  tempos: [{ tick: 0, microsecondsPerBeat: 500_000 }],
  tracks: [60, 64].map((pitch, channel) => ({
    ...{ name: channel === 0 ? 'melody' : 'chords', program: 40 + channel },
    notes: [{ pitch, channel, velocity: 90, startTick: 0, durationTicks: 192 }],
  })),
};

describe('apollo render and report', () => {
  it('make a picture, sound and a page of a MIDI file, and no sound twice', async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'tune.mid'), createStandardMidiWriter().write(score));
    const first = await runApollo(['render', 'tune.mid', '--json'], { cwd });
    expect(first.code).toBe(0);
    expect(lastJson(first.stdout)).toMatchObject({
      files: [{ midi: 'tune.mid', png: 'tune.png', wav: 'tune.wav', notices: [expect.stringMatching(/no viola/)] }],
    });
    const wave = readFileSync(join(cwd, 'tune.wav'));
    expect(parseWav(new Uint8Array(wave)).data.some((byte) => byte !== 0)).toBe(true);
    expect(decodePng(readFileSync(join(cwd, 'tune.png'))).width).toBeGreaterThan(100);

    const again = await runApollo(['render', 'tune.mid', '--wav', '--out', 'other'], { cwd });
    expect(again.stdout).toContain('sound: other/tune.wav, 3.5 s');
    expect(readFileSync(join(cwd, 'other', 'tune.wav')).equals(wave)).toBe(true);
    const kept = await runApollo(['render', 'tune.mid', '--wav', '--force'], { cwd });
    expect([kept.code, kept.stderr]).toEqual([0, '']); // no progress: it is there already

    const page = await runApollo(['report', '.', '--out', 'page.html'], { cwd });
    expect(page).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(cwd, 'page.html'), 'utf8')).toMatch(/^<!doctype html>[^]*Save WAV[^]*class Transport/);
    expect(readdirSync(cwd).sort()).toEqual(['other', 'page.html', 'tune.mid', 'tune.png', 'tune.wav']);
  });

  it.each([
    [['render'], 2, /<midi...> is missing/],
    [['render', 'none.mid'], 1, /none.mid/],
    [['render', 'none.mid', '--light', '--dark'], 2, /contradict/],
    [['render', 'none.mid', '--scale', '17'], 2, /--scale must be a whole number from 1 to 16/],
    [['report', 'none'], 1, /none: no such folder/],
  ])('%j ends in one sentence', async (args, code, said) => {
    const cwd = scratch();
    const end = await runApollo(args, { cwd });
    expect([end.code, end.stdout]).toEqual([code, '']);
    expect(end.stderr).toMatch(said);
    expect(end.stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(cwd)).toEqual([]);
  });
});
