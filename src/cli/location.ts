import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../run/runError';
import { sentence } from '../sentence/sentence';

/** A file that was built beside this program. */
export function besideProgram(name: string): string {
  return join(__dirname, name);
}

/** @throws RunError file-missing when the trainer was not built */
export function trainerScript(): string {
  const script = besideProgram('trainer.cjs');
  if (!existsSync(script)) throw new RunError('file-missing', sentence('{0} is missing. Install IBRL Studio again, or run "npm run build" in its folder.', script));
  return script;
}
