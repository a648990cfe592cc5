/** Starts a real VS Code as a server, with a profile of its own, for tests and for people. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcessesOf } from './processes.mjs';
import { workbenchPrograms } from './workbench.mjs';

const startLimitMs = 120_000;

/** Quiet: no network, no tips, no toasts of others over what is looked at. */
const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'window.commandCenter': false,
  // a page that opens beside a list of choices does not close it
  'workbench.quickOpen.closeOnFocusLost': false,
  'window.menuBarVisibility': 'classic',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'remote.autoForwardPorts': false,
  'git.enabled': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'files.hotExit': 'off',
  // as on a desktop; in a browser VS Code would save by itself
  'files.autoSave': 'off',
};

/**
 * @param options.vsix the extension
 * @param options.beside further extensions
 * @param options.trust whether folders must be trusted first; else every folder is
 * @param options.settings over the quiet ones
 */
export async function startCodeServer({ vsix, beside = [], trust = false, settings = {}, environment = {}, port = 0 }) {
  const { node, entry } = await workbenchPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'ibrl-vscode-'));
  const data = join(folder, 'data');
  mkdirSync(join(data, 'User'), { recursive: true });
  writeFileSync(join(data, 'User/settings.json'), JSON.stringify({ ...quiet, 'security.workspace.trust.enabled': trust, ...settings }, null, 1));
  writeFileSync(join(folder, 'config.yaml'), 'auth: none\n');
  const common = [entry, '--config', join(folder, 'config.yaml'), '--user-data-dir', data, '--extensions-dir', join(folder, 'extensions')];
  const env = { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder, XDG_RUNTIME_DIR: folder, EXTENSIONS_GALLERY: '{}', ...environment };
  for (const name of ['PORT', 'PASSWORD', 'VSCODE_IPC_HOOK_CLI', 'NODE_OPTIONS', 'VITEST', 'NODE_ENV']) delete env[name];

  const installed = spawnSync(node, [...common, '--force', ...[vsix, ...beside].flatMap((file) => ['--install-extension', file])], { env, encoding: 'utf8' });
  if (installed.status !== 0) throw new Error(`VS Code did not install ${vsix}:\n${installed.stdout}${installed.stderr}`);

  const flags = ['--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--disable-proxy', '--ignore-last-opened'];
  // a process group of its own: extension hosts and watchers end with it
  const child = spawn(node, [...common, '--bind-addr', `127.0.0.1:${port}`, ...flags, ...(trust ? [] : ['--disable-workspace-trust'])], { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  const url = await new Promise((resolve, reject) => {
    const refuse = (why) => reject(new Error(`VS Code ${why}:\n${output}`));
    const limit = setTimeout(() => refuse('did not start in two minutes'), startLimitMs);
    const read = (bytes) => {
      output += bytes;
      const found = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(output);
      if (found === null) return;
      clearTimeout(limit);
      resolve(found[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(limit);
      refuse(`ended with ${code}`);
    });
  });
  return {
    url,
    data,
    output: () => output,
    async stop() {
      signal(child, 'SIGTERM');
      await ended;
      signal(child, 'SIGKILL');
      await endProcessesOf(folder);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** To the whole group; one that is gone already is fine. */
function signal({ pid }, name) {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
