import * as l10n from '@vscode/l10n';
import type { Edit } from '../experiment/edits';
import { ExperimentError } from '../experiment/findings';
import { inYaml } from '../experiment/inYaml';
import { editsToRemove } from '../experiment/removeValue';
import { editsToSet } from '../experiment/setValue';
import type { EditAnswer, EditParams } from '../messages/languageProtocol';
import { settingsOf } from './knownSystem';
import type { OpenExperiment } from './openExperiment';
import { sharingIn } from './sharing';

/**
 * The edits of the document that set or remove one setting and leave every other character as it is, or why there are
 * none. Whether the value is a good one is for the findings to say afterwards.
 */
export function answerEdit(experiment: OpenExperiment, { change, path, version }: EditParams): EditAnswer {
  if (version !== experiment.version) {
    return { kind: 'refused', code: 'stale', message: l10n.t('The file has changed in the meantime. Look at it again, then repeat the change.'), place: null };
  }
  const { source } = experiment.current;
  const shared = sharingIn(source)(path.split('.'));
  if (shared) {
    const message = l10n.t('The value is shared through the anchor {0}, so other settings would change too. Edit it in the text.', `&${shared.name}`);
    return { kind: 'refused', code: 'path-behind-alias', message, place: experiment.toDocument(shared.place) };
  }
  try {
    const edits = change.kind === 'remove' ? editsToRemove(source, path) : set(experiment, path, change.value);
    return { kind: 'edits', version, edits: edits.map(({ start, end, replacement }) => ({ range: experiment.rangeAt(start, end), newText: replacement })) };
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    return { kind: 'refused', code: error.code, message: error.message, place: null };
  }
}

/** A number of starts may be written in place of its section; then it becomes the section, or stays the number. */
function set(experiment: OpenExperiment, path: string, value: unknown): readonly Edit[] {
  const { source, tree } = experiment.current;
  const starts: unknown = settingsOf(tree).search?.starts;
  const [, part] = /^search\.starts\.(\w+)$/.exec(path) ?? [];
  if (part === undefined || typeof starts !== 'number') return editsToSet(source, path, inYaml(value));
  return editsToSet(source, 'search.starts', inYaml(part === 'count' ? value : { count: starts, [part]: value }));
}
