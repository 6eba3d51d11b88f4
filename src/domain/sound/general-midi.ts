/** Names of the General MIDI (level 1) instruments, by program. */
export const PROGRAM_NAMES: readonly string[] = [
  ['acoustic grand piano', 'bright acoustic piano', 'electric grand piano', 'honky-tonk piano'],
  ['electric piano 1', 'electric piano 2', 'harpsichord', 'clavinet'],
  ['celesta', 'glockenspiel', 'music box', 'vibraphone', 'marimba', 'xylophone', 'tubular bells', 'dulcimer'],
  ['drawbar organ', 'percussive organ', 'rock organ', 'church organ', 'reed organ', 'accordion', 'harmonica'],
  ['tango accordion', 'nylon-string guitar', 'steel-string guitar', 'jazz guitar', 'clean electric guitar'],
  ['muted electric guitar', 'overdriven guitar', 'distortion guitar', 'guitar harmonics', 'acoustic bass'],
  ['fingered electric bass', 'picked electric bass', 'fretless bass', 'slap bass 1', 'slap bass 2'],
  ['synth bass 1', 'synth bass 2', 'violin', 'viola', 'cello', 'contrabass', 'tremolo strings'],
  ['pizzicato strings', 'orchestral harp', 'timpani', 'string ensemble 1', 'string ensemble 2'],
  ['synth strings 1', 'synth strings 2', 'choir aahs', 'voice oohs', 'synth voice', 'orchestra hit'],
  ['trumpet', 'trombone', 'tuba', 'muted trumpet', 'French horn', 'brass section', 'synth brass 1', 'synth brass 2'],
  ['soprano sax', 'alto sax', 'tenor sax', 'baritone sax', 'oboe', 'English horn', 'bassoon', 'clarinet'],
  ['piccolo', 'flute', 'recorder', 'pan flute', 'blown bottle', 'shakuhachi', 'whistle', 'ocarina'],
  ['square lead', 'sawtooth lead', 'calliope lead', 'chiff lead', 'charang lead', 'voice lead', 'fifths lead'],
  ['bass and lead', 'new age pad', 'warm pad', 'polysynth pad', 'choir pad', 'bowed pad', 'metallic pad', 'halo pad'],
  ['sweep pad', 'rain', 'soundtrack', 'crystal', 'atmosphere', 'brightness', 'goblins', 'echoes', 'sci-fi'],
  ['sitar', 'banjo', 'shamisen', 'koto', 'kalimba', 'bagpipe', 'fiddle', 'shanai'],
  ['tinkle bell', 'agogo', 'steel drums', 'woodblock', 'taiko drum', 'melodic tom', 'synth drum', 'reverse cymbal'],
  [
    'guitar fret noise',
    'breath noise',
    'seashore',
    'bird tweet',
    'telephone ring',
    'helicopter',
    'applause',
    'gunshot',
  ],
].flat();

/** `violin (program 40)` */
export const describeProgram = (program: number): string => `${PROGRAM_NAMES[program]} (program ${program})`;

/**
 * Substitute for each family of eight programs, used if the SoundFont has none of the family: bells become a piano,
 * brass and voices strings, reeds and leads a flute, plucked strings of the world a guitar.
 */
const FAMILY_SUBSTITUTES: readonly number[] = [0, 0, 21, 24, 32, 40, 48, 48, 73, 73, 73, 48, 48, 24, 0, 0];
/** Substitutes of programs that sound more like another family than their own. */
const PROGRAM_SUBSTITUTES: Readonly<Record<number, number>> = { 45: 24, 46: 24, 47: 0, 109: 21, 110: 40, 111: 73 };

/** The program, or the most similar one of `programs`, those of a SoundFont. @param programs at least one */
export function substituteProgram(program: number, programs: ReadonlySet<number>): number {
  if (programs.has(program)) return program;
  const preferred = PROGRAM_SUBSTITUTES[program];
  if (preferred !== undefined && programs.has(preferred)) return preferred;
  const family = program >> 3;
  const related = [...programs].filter((candidate) => candidate >> 3 === family);
  if (related.length > 0) return nearestProgram(program, related);
  const substitute = FAMILY_SUBSTITUTES[family]!;
  return programs.has(substitute) ? substitute : nearestProgram(program, [...programs]);
}

const nearestProgram = (program: number, programs: readonly number[]): number =>
  programs.reduce((best, candidate) =>
    Math.abs(candidate - program) < Math.abs(best - program) ||
    (Math.abs(candidate - program) === Math.abs(best - program) && candidate < best)
      ? candidate
      : best,
  );
