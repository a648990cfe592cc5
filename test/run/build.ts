import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Makes one script of a TypeScript file, for a real process. @returns its path */
export function buildScript(source: string, folder: string): string {
  const outfile = join(folder, 'script.cjs');
  buildSync({ entryPoints: [source], outfile, bundle: true, platform: 'node', target: 'node20', format: 'cjs', logLevel: 'error' });
  return outfile;
}
