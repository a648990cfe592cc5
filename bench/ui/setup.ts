import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { chromiumPath } from '../../scripts/chromium.mjs';
import { startCodeServer } from '../../scripts/codeServer.mjs';
import { packageExtension } from '../../scripts/package.mjs';
import { workbenchPrograms } from '../../scripts/workbench.mjs';
import { browserOptions } from '../../test/workbench/driver/browser';
import { readResults, reportOf } from './results';
import { trainRecordedRun } from './recordedRun';

declare module 'vitest' {
  interface ProvidedContext {
    /** folder in which each extension host's probe tells its port */
    probes: string;
    /** a workspace with a run that is done */
    recorded: string;
    /** where results are kept */
    results: string;
  }
}

const page = resolve(import.meta.dirname, '../../docs/performance.md');
const [begin, end] = ['<!-- bench:ui -->', '<!-- /bench:ui -->'];

/** Once for all measurements: the extension as it ships, and the probe beside it in one VS Code; at the end, the table. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const load = loadavg()[0];
  const executablePath = await chromiumPath(report);
  await workbenchPrograms(report);
  const folder = mkdtempSync(join(tmpdir(), 'ibrl-bench-'));
  const vsix = process.env['IBRL_VSIX'] ?? join(folder, 'ibrl-studio.vsix');
  if (process.env['IBRL_VSIX'] === undefined) await packageExtension(vsix);
  const probe = join(folder, 'probe.vsix');
  await createVSIX({ cwd: join(import.meta.dirname, 'probe'), packagePath: probe, dependencies: false, allowMissingRepository: true, skipLicense: true });
  const probes = join(folder, 'probes');
  const server = await startCodeServer({ vsix, beside: [probe], environment: { IBRL_PROBE: probes } });
  const browser = await chromium.launchServer({ ...browserOptions, executablePath });
  const results = join(folder, 'results.ndjson');
  provide('vsix', vsix);
  provide('workbenchUrl', server.url);
  provide('workbenchData', server.data);
  provide('browserEndpoint', browser.wsEndpoint());
  provide('probes', probes);
  provide('recorded', trainRecordedRun(join(folder, 'recorded')));
  provide('results', results);
  return async () => {
    await browser.close();
    await server.stop();
    if (existsSync(results)) publish(reportOf(readResults(results), load));
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Prints the table; where it is asked for, it goes into the documentation, too. */
function publish(table: string): void {
  process.stdout.write(`\n${table}\n`);
  if (process.env['IBRL_BENCH_WRITE'] === undefined) return;
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no place for the table between ${begin} and ${end}.`);
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}`);
}
