import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { endProcessesOf } from '../../../scripts/processes.mjs';

/** Files of a workspace by their path; `settings` become its `.vscode/settings.json`. */
export interface WorkspaceFiles {
  readonly files?: Readonly<Record<string, string>>;
  /** copied into the workspace, as a whole */
  readonly copyOf?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A folder of its own for one test. */
export function makeWorkspace({ files = {}, copyOf, settings }: WorkspaceFiles): string {
  const folder = mkdtempSync(join(tmpdir(), 'ibrl-workspace-'));
  if (copyOf !== undefined) cpSync(copyOf, folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeWithin(folder, name, text);
  if (settings !== undefined) writeWithin(folder, '.vscode/settings.json', JSON.stringify(settings));
  return folder;
}

/** Ends what still works in it, and deletes it. */
export async function removeWorkspace(folder: string): Promise<void> {
  await endProcessesOf(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function writeWithin(folder: string, name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}
