import { join } from 'node:path';
import type { Experiment } from '../../experiment/experiment';
import { validateExperiment } from '../../experiment/validate';
import { experimentFile } from '../../run/paths';
import { readPlainFile } from '../../run/readBytes';
import { sentence } from '../../sentence/sentence';
import { InvalidInput } from '../invalidInput';

/**
 * An experiment may name a program that runs with its reader's rights, so whoever starts the trainer must have said that
 * programs may run.
 * @throws InvalidInput
 */
export function mustBeTrusted({ system }: Pick<Experiment, 'system'>, allowPrograms: boolean): void {
  if (system.kind !== 'program' || allowPrograms) return;
  throw new InvalidInput(sentence('This experiment starts a program of its own, “{0}”, which would run with your rights. Look at it first; then run the experiment from the command line, or trust the workspace.', system.command.join(' ')));
}

/** The same for a run that is to go on. What cannot be read is left to whoever resumes it. */
export function mustBeTrustedRun(folder: string, allowPrograms: boolean): void {
  let text: string;
  try {
    text = readPlainFile(join(folder, experimentFile)).toString();
  } catch {
    return;
  }
  const { experiment } = validateExperiment(text);
  if (experiment !== null) mustBeTrusted(experiment, allowPrograms);
}
