import { scoreLibraryContract } from '../../contracts/score-library.contract.js';
import { createMemoryScoreLibrary, type ScoreLibraryEntry } from '../../../src/adapters/web/memory-score-library.js';

scoreLibraryContract('memory', () => {
  const entries = new Map<string, ScoreLibraryEntry>();
  return {
    library: createMemoryScoreLibrary(entries, ['/music']),
    root: '/music',
    addFile: (path, bytes) => entries.set(`/music/${path}`, bytes),
    addLink: (path, link) => entries.set(`/music/${path}`, { link }),
    addUnreadable: (path) => entries.set(`/music/${path}`, 'unreadable'),
  };
});
