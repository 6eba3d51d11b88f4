import { describe, expect, it } from '@jest/globals';
import { createInspect } from '../../../src/app/inspect/inspect.js';
import { createMemoryFileStore } from '../../../src/adapters/web/memory-file-store.js';
import { scoreReadersOf } from '../../support/midi/score-readers-of.js';

const answer = (kind: string) => async () => async (path: string) => ({ lines: [`${kind} ${path}`], json: { kind } });
const inspectors = {
  loadInspectMidi: answer('midi'),
  loadInspectDataset: answer('dataset'),
  loadInspectRun: answer('run'),
  loadInspectModel: answer('model'),
};

async function inspected(files: Record<string, string>, path: string): Promise<string> {
  const store = createMemoryFileStore();
  for (const [name, text] of Object.entries(files)) await store.write(name, Buffer.from(text, 'latin1'));
  return (await createInspect({ files: store, scoreReaders: scoreReadersOf(), ...inspectors })({ path })).lines.join();
}

describe('inspect tells files apart by content', () => {
  it.each([
    ['x.dat', 'MThd....', 'midi x.dat'],
    ['x.onnx', 'MThd....', 'midi x.onnx'],
    ['x', 'RIFF....RMID', 'midi x'],
    ['x.mid', '\b\b:\u0003', 'model x.mid'],
    ['x.MID', 'anything', 'midi x.MID'],
    ['x.onnx', 'anything', 'model x.onnx'],
  ])('%s that holds %j: %s', async (path, text, what) => {
    expect(await inspected({ [path]: text }, path)).toBe(what);
  });

  it('tells a dataset from a run by the files in the folder', async () => {
    expect(await inspected({ 'd/dataset.json': '{}', 'd/x.mid': '' }, 'd')).toBe('dataset d');
    expect(await inspected({ 'd/run.json': '{}' }, 'd')).toBe('run d');
  });

  it.each([
    [{}, 'x', 'cannot inspect x: no such file or folder'],
    [{ x: '' }, 'x', 'x is empty'],
    [{ x: 'PK\u0003\u0004' }, 'x', 'x is neither a MIDI file nor a model: it starts with the bytes 50 4b 03 04'],
    [
      { 'd/a.mid': 'MThd' },
      'd',
      'd is neither a dataset (it has no dataset.json) nor a run (it has no run.json); to make a dataset',
    ],
    [{ 'd/a.txt': 'x' }, 'd', 'd is neither a dataset'],
  ])('refuses %j', async (files, path, message) => {
    await expect(inspected(files as Record<string, string>, path)).rejects.toThrow(message);
  });
});
