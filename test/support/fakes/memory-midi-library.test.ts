import { midiLibraryContract } from '../../contracts/midi-library.contract.js';
import { memoryMidiLibrary, type MidiLibraryEntry } from './memory-midi-library.js';

midiLibraryContract('memory', () => {
  const entries = new Map<string, MidiLibraryEntry>();
  return {
    library: memoryMidiLibrary(entries, ['/root']),
    root: '/root',
    addFile: (path, bytes) => entries.set(`/root/${path}`, bytes),
    addLink: (path, link) => entries.set(`/root/${path}`, { link }),
    addUnreadable: (path) => entries.set(`/root/${path}`, 'unreadable'),
  };
});
