import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file under another name and renames it, so that a process that starts meanwhile never sees half of it. */
export function writeAside(path, content, mode = 0o644) {
  const aside = `${path}.${process.pid}.tmp`;
  writeFileSync(aside, content, { mode });
  renameSync(aside, path);
}
