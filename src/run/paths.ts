import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { sentence } from '../sentence/sentence';
import { RunError } from './runError';

/** Names inside a run folder, all relative to it and with `/`, as events hold them. */
export const runFile = 'run.json';
export const experimentFile = 'experiment.yaml';
export const eventsFile = 'events.ndjson';
export const controlFolder = 'control';
export const checkpointFolder = 'checkpoint';
export const lockFolder = 'lock';
/** comparisons that `ibrl diff` made; no part of the run */
export const cacheFolder = 'cache';
/** what the trainer prints, when it runs in the background */
export const logFile = 'trainer.log';

/** @param iteration from 1 */
export function iterationFolder(iteration: number): string {
  return `iterations/${String(iteration).padStart(3, '0')}`;
}

/** The files of one iteration. Policies are numbered from 1. */
export const iterationFiles = {
  batch: (iteration: number): string => `${iterationFolder(iteration)}/batch.parquet`,
  models: (iteration: number): string => `${iterationFolder(iteration)}/models.json`,
  reliability: (iteration: number): string => `${iterationFolder(iteration)}/reliability.json`,
  newReliability: (iteration: number): string => `${iterationFolder(iteration)}/reliability-new.json`,
  policy: (iteration: number, policy: number): string => `${iterationFolder(iteration)}/policies/policy-${policy}.json`,
  probe: (iteration: number): string => `${iterationFolder(iteration)}/policies/probe.json`,
  curves: (iteration: number): string => `${iterationFolder(iteration)}/curves.f32`,
  predicted: (iteration: number): string => `${iterationFolder(iteration)}/predicted.json`,
  diff: (iteration: number): string => `${iterationFolder(iteration)}/diff.json`,
  decision: (iteration: number): string => `${iterationFolder(iteration)}/decision.json`,
  trajectories: (iteration: number): string => `${iterationFolder(iteration)}/trajectories.f32`,
  evaluation: (iteration: number): string => `${iterationFolder(iteration)}/evaluation.json`,
} as const;

/** The `.ibrl` folder of an experiment file. */
export function ibrlFolder(experiment: string): string {
  return join(dirname(resolve(experiment)), '.ibrl');
}

/** The `.ibrl` folder that a run lies in, or null for a run in a place of its own. */
export function ibrlFolderOfRun(folder: string): string | null {
  const runs = dirname(resolve(folder));
  const ibrl = dirname(runs);
  return basename(runs) === 'runs' && basename(ibrl) === '.ibrl' ? ibrl : null;
}

/**
 * A path of an event or request, checked: relative, with `/`, of plain names, so that a run folder from elsewhere
 * cannot point out of itself.
 * @throws RunError invalid-path
 */
export function checkedPath(path: string): string {
  const plain = path.length <= 200 && path.split('/').every((name) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name));
  if (!plain) throw new RunError('invalid-path', sentence('{0} is not a path inside a run folder.', JSON.stringify(path.slice(0, 200))));
  return path;
}

/**
 * The real place of a file of a run.
 * @throws RunError file-missing when it is not there, invalid-path when a link leads out of the folder
 */
export function placeOf(folder: string, path: string): string {
  const place = join(folder, ...checkedPath(path).split('/'));
  try {
    const inside = relative(realpathSync(folder), realpathSync(place));
    if (inside.split(sep)[0] === '..' || !lstatSync(place).isFile()) {
      throw new RunError('invalid-path', sentence('{0} is not a plain file of the run in {1}.', path, folder));
    }
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError('file-missing', sentence('{0} is missing from the run in {1}. Restore it, or train again.', path, folder), { cause: error });
  }
  return place;
}
