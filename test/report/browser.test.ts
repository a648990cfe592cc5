import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { renderReport } from '../../src/report/renderReport';
import { syntheticReport } from './syntheticReport';

const browser = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].find((name) => spawnSync(name, ['--version']).status === 0);

/** How many charts a real browser drew, with the page's scripts running under the page's own policy. */
function drawnIn(page: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  try {
    const file = join(folder, 'report.html');
    writeFileSync(file, page);
    const options = ['--headless=new', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`, '--virtual-time-budget=2000', '--dump-dom'];
    const left = execFileSync(browser ?? '', [...options, pathToFileURL(file).href], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 });
    return Number(/data-charts="(\d+)"/.exec(left)?.[1]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.skipIf(browser === undefined)('in a browser, the report', () => {
  test('draws every chart of the map’s page under its own policy', () => {
    const page = renderReport(syntheticReport({ kind: 'map' }));
    expect(drawnIn(page)).toBe(page.match(/<canvas /g)?.length);
  });

  test('draws the charts of the open iteration, and those of closed ones not yet', () => {
    const page = renderReport(syntheticReport({ kind: 'series', iterations: 2 }));
    const charts = page.match(/<canvas /g)?.length ?? 0;
    expect(drawnIn(page)).toBe(charts - 2);
  });
});
