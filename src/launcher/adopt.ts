import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { ObservedState, Phase } from '../run/contract';
import { runFile } from '../run/paths';
import { RunReader } from '../run/reader';
import { RunError } from '../run/runError';
import { sentence } from '../sentence/sentence';

/** A run as a list shows it. */
export interface FoundRun {
  readonly id: string;
  readonly folder: string;
  readonly name: string;
  readonly state: ObservedState;
  readonly created: string;
  /** of its last event; null before the first */
  readonly asOf: string | null;
  /** where it is; null before its first progress */
  readonly iteration: number | null;
  readonly phase: Phase | null;
  readonly iterations: number;
}

/** Folders deeper than this are not searched, nor more than this many in all: a home directory must not take minutes. */
const deepest = 4;
const mostFolders = 5_000;

/**
 * All runs below a folder: it may be a run, a `.ibrl`, its `runs`, or a project. Newest first. A run that cannot be
 * read is left out of the list and told in `unreadable`.
 */
export function findRuns(folder: string): { readonly runs: FoundRun[]; readonly unreadable: string[] } {
  const runs: FoundRun[] = [];
  const unreadable: string[] = [];
  for (const place of runFolders(resolve(folder))) {
    try {
      runs.push(describe(place));
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      unreadable.push(error.message);
    }
  }
  return { runs: runs.toSorted((a, b) => (a.created === b.created ? b.id.localeCompare(a.id) : b.created.localeCompare(a.created))), unreadable };
}

function describe(folder: string): FoundRun {
  const reader = RunReader.open(folder);
  const { id, name, created, iterations } = reader.description;
  const position = reader.fold.position;
  return {
    id,
    folder,
    name,
    state: reader.state(),
    created,
    asOf: reader.fold.asOf,
    iteration: position?.iteration ?? null,
    phase: position?.phase ?? null,
    iterations,
  };
}

function runFolders(folder: string): string[] {
  const found: string[] = [];
  let left = mostFolders;
  const search = (place: string, depth: number): void => {
    if (left-- <= 0) return;
    if (existsSync(join(place, runFile))) {
      found.push(place);
      return;
    }
    if (depth >= deepest) return;
    for (const name of subfolders(place)) {
      const hidden = name.startsWith('.') && name !== '.ibrl';
      // the folders of `.ibrl` that hold no runs, and what is never a place for experiments
      const skipped = basename(place) === '.ibrl' ? name !== 'runs' : hidden || name === 'node_modules';
      if (!skipped) search(join(place, name), depth + 1);
    }
  };
  search(folder, 0);
  return found;
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

/**
 * The folder of a run that a person names: its path, or its id somewhere below `from`; the end of an id will do when
 * it is the only one.
 * @throws RunError not-a-run
 */
export function resolveRun(named: string, from: string): string {
  const path = resolve(from, named);
  if (existsSync(join(path, runFile))) return path;
  const matches = findRuns(from).runs.filter((run) => run.id === named || (named.length >= 4 && run.id.endsWith(named)));
  if (matches.length === 1) return matches[0].folder;
  const reason = matches.length > 1 ? sentence('{0} runs are called {1}; give the folder instead.', matches.length, named) : sentence('There is no run {0}: neither a folder with a {1} nor the id of a run below {2}.', named, runFile, from);
  throw new RunError('not-a-run', reason);
}
