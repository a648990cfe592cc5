import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../run/atomicFile';
import { makeRunFolder } from '../run/createFolder';
import { lockState } from '../run/lock';
import { experimentFile, ibrlFolder, lockFolder } from '../run/paths';
import { RunError } from '../run/runError';
import { makeId } from '../run/runId';
import { sentence } from '../sentence/sentence';

/** Where a new run of an experiment goes when nobody says otherwise: `<folder of the experiment>/.ibrl/runs/<id>`. */
export function newRunFolder(experiment: string): string {
  for (;;) {
    const folder = join(ibrlFolder(experiment), 'runs', makeId(new Date(), Math.random));
    if (!existsSync(folder)) return folder;
  }
}

/**
 * Makes a run's folder with the frozen text of its experiment, so that the file may be edited while the trainer starts
 * or the run waits in the queue.
 * @returns the path of the frozen text, for the trainer's `experiment`
 * @throws RunError run-exists, run-busy, not-writable, disk-full
 */
export function prepareRun(folder: string, experimentText: string): string {
  makeRunFolder(folder);
  const frozen = join(folder, experimentFile);
  const { kind } = lockState(join(folder, lockFolder));
  if (kind === 'held' || kind === 'unknown') {
    throw new RunError('run-busy', sentence('Another process is about to begin a run in {0}. Choose another folder.', folder));
  }
  writeFileAtomically(frozen, experimentText, { sync: false });
  return frozen;
}
