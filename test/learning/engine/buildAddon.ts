import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = resolve(import.meta.dirname, '../../..');

/**
 * Builds the host's addon in a process with the given environment.
 * @param scripts folder of the script that builds it
 * @returns what it says
 */
export function buildAddon(output: string, environment: Record<string, string>, scripts = join(root, 'scripts')): string {
  const script = `import { buildHostAddon } from ${JSON.stringify(pathToFileURL(join(scripts, 'buildNative.mjs')).href)};
    console.log(await buildHostAddon(${JSON.stringify(join(root, 'src/learning/engine'))}, ${JSON.stringify(output)}));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', env: environment }).trim();
}
