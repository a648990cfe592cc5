import * as l10n from '@vscode/l10n';
import type { CodeLens } from 'vscode-languageserver';
import { findingsOf } from './diagnostics';
import type { OpenExperiment } from './openExperiment';

/** What can be done with the whole file, above its first line of YAML: run it, or first mend it. */
export function codeLensesOf(experiment: OpenExperiment): CodeLens[] {
  const { experiment: valid, places, source } = experiment.current;
  if (source.text.trim() === '') return [];
  const { start } = experiment.toDocument(places.keyRange('ibrl'));
  const range = { start, end: start };
  if (valid === null) {
    const errors = findingsOf(experiment).filter(({ finding }) => finding.severity === 'error').length;
    const title = errors === 1 ? l10n.t('1 error to correct before it can run') : l10n.t('{0} errors to correct before it can run', errors);
    return [{ range, command: { title, command: 'workbench.actions.view.problems' } }];
  }
  const commands = [
    { title: l10n.t('Run'), command: 'ibrl.run' },
    { title: l10n.t('Queue'), command: 'ibrl.queue' },
    { title: l10n.t('Compare with last'), command: 'ibrl.compareRuns' },
  ];
  return commands.map((command) => ({ range, command: { ...command, arguments: [experiment.uri] } }));
}
