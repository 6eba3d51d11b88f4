import { midiLibraryContract } from '../../contracts/midi-library.contract.js';
import { createMemoryMidiLibrary, type MidiLibraryEntry } from '../../../src/adapters/web/memory-midi-library.js';

midiLibraryContract('memory', () => {
  const entries = new Map<string, MidiLibraryEntry>();
  return {
    library: createMemoryMidiLibrary(entries, ['/root']),
    root: '/root',
    addFile: (path, bytes) => entries.set(`/root/${path}`, bytes),
    addLink: (path, link) => entries.set(`/root/${path}`, { link }),
    addUnreadable: (path) => entries.set(`/root/${path}`, 'unreadable'),
  };
});
