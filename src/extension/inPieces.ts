import { setImmediate as nextTurn } from 'node:timers/promises';

/** What pages stand on, each a few milliseconds' worth of code. */
const foundations: readonly (() => Promise<unknown>)[] = [
  () => import('typebox'),
  () => import('typebox/value'),
  () => import('yaml'),
  () => import('../experiment/schema'),
  () => import('../experiment/validate'),
];

/** Loads code that is needed late, piece by piece: others have their turn in between. */
export async function inPieces<Module>(load: () => Promise<Module>): Promise<Module> {
  for (const foundation of foundations) {
    await foundation();
    await nextTurn();
  }
  return load();
}
