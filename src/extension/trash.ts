import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../run/atomicFile';
import { ibrlFolderOfRun } from '../run/paths';
import { RunReader } from '../run/reader';
import { inputOutputError, RunError } from '../run/runError';
import { sentence } from '../sentence/sentence';

/** The folder in which a run lands that is thrown away: `.ibrl/trash`, or one beside a run in a place of its own. */
function trashOf(folder: string): string {
  const ibrl = ibrlFolderOfRun(folder);
  return ibrl === null ? join(dirname(folder), '.ibrl', 'trash') : join(ibrl, 'trash');
}

/**
 * Throws a run away, from where it can be taken back.
 * @returns where it is now
 * @throws RunError run-busy when somebody works on it
 */
export function throwAway(folder: string): string {
  if (RunReader.open(folder).isLive()) throw new RunError('run-busy', sentence('{0} is at work. Stop it first.', basename(folder)));
  const place = join(trashOf(folder), basename(folder));
  move(folder, place);
  return place;
}

/** Takes a run back. @param folder where it was @throws RunError run-exists when something else is there now */
export function takeBack(place: string, folder: string): void {
  if (existsSync(folder)) throw new RunError('run-exists', sentence('{0} is taken, so the run stays in the trash.', folder));
  move(place, folder);
}

/** The runs that were thrown away, newest first. @param ibrl an `.ibrl` folder */
export function thrownAway(ibrl: string): string[] {
  try {
    return readdirSync(join(ibrl, 'trash'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(ibrl, 'trash', entry.name))
      .toSorted()
      .reverse();
  } catch {
    return [];
  }
}

/** Deletes for good what was thrown away. */
export function emptyTrash(ibrl: string): void {
  rmSync(join(ibrl, 'trash'), { recursive: true, force: true });
}

function move(from: string, to: string): void {
  try {
    makeFolder(dirname(to));
    renameSync(from, to);
  } catch (error) {
    throw inputOutputError(error, to);
  }
}
