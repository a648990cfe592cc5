import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sentence } from '../sentence/sentence';
import { asideSuffix, makeFolder, writeFileAtomically } from './atomicFile';
import { controlFolder, experimentFile, ibrlFolderOfRun, lockFolder, logFile, runFile } from './paths';
import { inputOutputError, RunError } from './runError';

/** What may lie in a folder in which a run is about to be made: whoever started it prepared that much. */
const prepared = new Set([experimentFile, controlFolder, lockFolder, logFile]);

/**
 * Makes the folder for a new run, and hides `.ibrl` from git.
 * @throws RunError run-exists when there is a run, or anything else that we did not put there
 */
export function makeRunFolder(folder: string): void {
  if (existsSync(join(folder, runFile))) {
    throw new RunError('run-exists', sentence('{0} already holds a run. Resume it, or choose another folder.', folder));
  }
  try {
    makeFolder(folder);
    const strange = readdirSync(folder).find((name) => !prepared.has(name) && !name.endsWith(asideSuffix));
    if (strange !== undefined) {
      throw new RunError('run-exists', sentence('{0} is not empty ({1}). Choose a new or an empty folder for the run.', folder, strange));
    }
  } catch (error) {
    throw inputOutputError(error, folder);
  }
  const ibrl = ibrlFolderOfRun(folder);
  if (ibrl !== null) hideFromGit(ibrl);
}

/** Runs are large and personal: a `.gitignore` of `*`, unless there is one already. */
export function hideFromGit(ibrl: string): void {
  const ignore = join(ibrl, '.gitignore');
  if (!existsSync(ignore)) writeFileAtomically(ignore, '*\n', { sync: false });
}
