import { describeFormat } from '../../domain/roll/roll-format.js';
import { escapeForTerminal, formatCount } from '../../domain/text.js';
import type { DatasetInspection } from './inspection.js';

export function describeDataset(dataset: DatasetInspection): string[] {
  const { sources, preparation, duplicates, blankRolls } = dataset;
  const { windows, layback, transpose, fold } = preparation;
  const options = [
    windows === 'all' ? 'all windows' : 'first window only',
    `layback ${layback}`,
    `transposed ${transpose.from}..${transpose.to}`,
    ...(fold ? ['folded by octaves'] : []),
  ];
  return [
    `dataset of ${formatCount(dataset.rolls, 'roll')} in ${formatCount(dataset.chunks, 'chunk')}, all whole`,
    describeFormat(dataset.format),
    `from ${dataset.origin}: ${sources.used} used, ${sources.damaged} damaged but used, ${sources.empty} empty, ` +
      `${sources.refused} refused, ${duplicates} with the same bytes as another`,
    `${formatCount(dataset.notes, 'note')}, ${dataset.notesOutside} of them outside the roll; ${options.join(', ')}`,
    `${(100 * dataset.density).toFixed(2)} % of the cells sound; ${formatCount(blankRolls, 'blank roll')}`,
    `digest ${dataset.digest}`,
  ].map(escapeForTerminal);
}
