/** Finds the Chromium that the tests of pages and of the workbench drive. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** @returns its absolute path @throws Error that says what to install */
export function findChromium() {
  const found = onPath(names);
  if (found === null) throw new Error('The tests of the pages need Chromium. Install it (on Debian: apt-get install chromium), then run them again.');
  return found;
}

/** As findChromium; where there is none, and we may (root, apt-get), it is installed first: some 20 seconds. */
export async function chromiumPath(report = () => {}) {
  if (onPath(names) === null && process.getuid?.() === 0 && onPath(['apt-get']) !== null) {
    report('Installing Chromium with apt-get…');
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const words of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
      const { status, stderr } = spawnSync('apt-get', ['-qq', ...words], { env: environment, encoding: 'utf8' });
      if (status !== 0) throw new Error(`apt-get ${words[0]} failed, so Chromium is still missing. Install it, then run this again.\n${stderr.trim()}`);
    }
  }
  return findChromium();
}

function onPath(programs) {
  const paths = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => programs.map((name) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}
