import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runFile } from '../../run/paths';

/** What was found below the folders of a workspace. */
export interface Discovery {
  /** `.ibrl` folders */
  readonly ibrl: ReadonlySet<string>;
  /** run folders that lie elsewhere */
  readonly runs: ReadonlySet<string>;
}

/** As `findRuns` searches: folders deeper than this are not looked into, nor more than this many in all. */
const deepest = 4;
const mostFolders = 5_000;

/** Searches without blocking. @param folders absolute paths of the workspace's folders */
export async function discover(folders: readonly string[]): Promise<Discovery> {
  const ibrl = new Set<string>();
  const runs = new Set<string>();
  let left = mostFolders;
  const search = async (place: string, depth: number): Promise<void> => {
    if (left-- <= 0) return;
    if (basename(place) === '.ibrl') {
      ibrl.add(place);
      return;
    }
    const entries = await list(place);
    if (entries.some((entry) => entry.name === runFile)) {
      runs.add(place);
      return;
    }
    if (depth >= deepest) return;
    for (const { name } of entries.filter((entry) => entry.isDirectory())) {
      const skipped = (name.startsWith('.') && name !== '.ibrl') || name === 'node_modules';
      if (!skipped) await search(join(place, name), depth + 1);
    }
  };
  for (const folder of folders) await search(folder, 0);
  return { ibrl, runs };
}

/** The runs in an `.ibrl` folder. @param known folders that need not be looked into again */
export async function runsIn(ibrl: string, known: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await list(join(ibrl, 'runs'))) {
    const folder = join(ibrl, 'runs', entry.name);
    if (entry.isDirectory() && (known.has(folder) || (await exists(join(folder, runFile))))) found.push(folder);
  }
  return found;
}

/** Its size and time of change in one word; empty when it is not there. */
export async function signOf(file: string): Promise<string> {
  try {
    const { size, mtimeMs } = await stat(file);
    return `${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}

async function exists(file: string): Promise<boolean> {
  return (await signOf(file)) !== '';
}

/** Nothing where a folder is missing or must not be read. */
async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
