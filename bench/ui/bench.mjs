/**
 * npm run bench:ui [-- --write] [-- NAME …]: measures the extension in the real VS Code and its pages in Chromium, and prints a table.
 * --write also puts it into docs/performance.md. NAME takes only the measurements of bench/ui/NAME.bench.ts.
 */
import { spawnSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const words = process.argv.slice(2);
const files = words.filter((word) => word !== '--write').map((name) => `bench/ui/${name}.bench.ts`);
const environment = words.includes('--write') ? { ...process.env, IBRL_BENCH_WRITE: '1' } : process.env;
const vitest = resolve(root, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', 'bench/ui/vitest.config.mts', ...files], { cwd: root, env: environment, stdio: 'inherit' });
process.exitCode = status ?? 1;
