import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, sep } from 'node:path';
import { asideSuffix } from './atomicFile';
import { checkpointFolder, controlFolder, lockFolder } from './paths';

/** Removes what killed attempts were writing aside. Only for the holder of the lock. */
export function removeAsides(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const room = name.split(sep)[0];
    // in these, others write as well
    if (name.endsWith(asideSuffix) && room !== controlFolder && room !== lockFolder) rmSync(join(folder, name), { force: true });
  }
}

/** @param path of the checkpoint that stays, relative to the run; null: none */
export function removeCheckpointsBut(folder: string, path: string | null): void {
  const checkpoints = join(folder, checkpointFolder);
  if (!existsSync(checkpoints)) return;
  for (const name of readdirSync(checkpoints)) if (`${checkpointFolder}/${name}` !== path) rmSync(join(checkpoints, name), { force: true });
}
