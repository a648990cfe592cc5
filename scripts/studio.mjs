/**
 * npm run studio [-- --port N]: the real VS Code with the extension and a copy of the examples, at an address of this machine, for people
 * without VS Code. Ctrl-C ends it and everything that it has started, and deletes what was made.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCodeServer } from './codeServer.mjs';
import { packageExtension } from './package.mjs';
import { endProcessesOf } from './processes.mjs';
import { workbenchPrograms } from './workbench.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const portAt = process.argv.indexOf('--port');
const port = portAt > 0 ? Number(process.argv[portAt + 1]) : 0;
const folder = mkdtempSync(join(tmpdir(), 'ibrl-studio-'));
const examples = join(folder, 'examples');
const asked = new Promise((resolve) => {
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, resolve);
});

let server = null;
try {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port takes a number from 0 to 65535; 0 finds a free one.');
  await workbenchPrograms(console.log);
  console.log('Packing the extension…');
  const vsix = join(folder, 'ibrl-studio.vsix');
  await packageExtension(vsix);
  cpSync(join(root, 'examples'), examples, { recursive: true, filter: (path) => !path.includes('.ibrl/') && !path.endsWith('/.ibrl') });
  server = await startCodeServer({ vsix, port });
  console.log(`\nOpen ${server.url}/?folder=${encodeURIComponent(examples)}\nThe examples are a copy, which is deleted at the end. Ctrl-C ends everything.`);
  await asked;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await server?.stop();
  await endProcessesOf(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
