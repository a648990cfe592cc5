import { basename } from 'node:path';
import { l10n, Range, type Uri, window, workspace } from 'vscode';
import { decodeExperiment } from '../../experiment/decodeText';
import type { Experiment } from '../../experiment/experiment';
import type { Range as TextRange } from '../../experiment/findings';
import { validateExperiment } from '../../experiment/validate';

/** What is to be run: the text of an experiment that has no errors, and where it comes from. */
export interface RunnableExperiment {
  /** absolute path */
  readonly source: string;
  readonly text: string;
  readonly experiment: Experiment;
}

/**
 * Saves an experiment that is being edited, and reads it as the trainer will.
 * @returns null when the user does not want it saved
 * @throws Error when it cannot be run, with the first error in it; the file is shown
 */
export async function readToRun(uri: Uri): Promise<RunnableExperiment | null> {
  if (uri.scheme !== 'file') throw new Error(l10n.t('{0} is not on a disk that processes can read, so it cannot be run from here.', basename(uri.path)));
  const edited = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString() && document.isDirty);
  if (edited !== undefined && !(await edited.save())) return null;
  const decoded = decodeExperiment(await workspace.fs.readFile(uri));
  const text = decoded.finding === null ? decoded.text : '';
  const { experiment, findings } = decoded.finding === null ? validateExperiment(text) : { experiment: null, findings: [decoded.finding] };
  if (experiment === null) {
    const error = findings.find(({ severity }) => severity === 'error') ?? findings.at(0);
    await window.showTextDocument(uri, error === undefined ? {} : { selection: toSelection(error.range) });
    throw new Error(l10n.t('{0} cannot be run yet: {1}', basename(uri.path), error?.message ?? ''));
  }
  return { source: uri.fsPath, text, experiment };
}

function toSelection({ start, end }: TextRange): Range {
  return new Range(start.line, start.character, end.line, end.character);
}
