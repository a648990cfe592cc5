/** Finds the Chromium that the tests of pages drive. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** @returns its absolute path @throws Error that says what to install */
export function findChromium() {
  const found = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
  if (found === undefined) throw new Error('The tests of the pages need Chromium. Install it (on Debian: apt-get install chromium), then run them again.');
  return found;
}
