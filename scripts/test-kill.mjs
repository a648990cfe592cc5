/**
 * npm run test:kill [-- --rounds 100 --minutes M --jobs CORES --seed 1 --summary FILE --built FOLDER]: ends a short run in as many random
 * ways, resumes it each time, and compares every bit. Ends with 1 when one round differs, and keeps its folder. `--built` takes what is
 * built already in that folder.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildAll } from './build.mjs';

/** Some packages are CommonJS and ask for Node's modules by `require`, which a module has only if it makes one. */
const requireBanner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const built = process.argv.includes('--built');
if (!built) await buildAll();
const folder = mkdtempSync(join(tmpdir(), 'ibrl-nightly-'));
try {
  const outfile = join(folder, 'nightly.mjs');
  await build({ absWorkingDir: root, entryPoints: ['test/reliability/nightly.ts'], outfile, bundle: true, platform: 'node', target: 'node20', format: 'esm', logLevel: 'error', banner: { js: requireBanner } });
  const { status, error } = spawnSync(process.execPath, [outfile, ...(built ? [] : ['--built', join(root, 'dist')]), ...process.argv.slice(2)], { stdio: 'inherit' });
  if (error) throw error;
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
