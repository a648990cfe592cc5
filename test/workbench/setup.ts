import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { chromiumPath } from '../../scripts/chromium.mjs';
import { startCodeServer } from '../../scripts/codeServer.mjs';
import { packageExtension } from '../../scripts/package.mjs';
import { workbenchPrograms } from '../../scripts/workbench.mjs';
import { browserOptions } from './driver/browser';

declare module 'vitest' {
  interface ProvidedContext {
    /** path of the extension as it ships */
    vsix: string;
    /** address of the VS Code that all paths share */
    workbenchUrl: string;
    /** folder of its profile */
    workbenchData: string;
    /** where a browser is connected to */
    browserEndpoint: string;
  }
}

/** Once for all paths: the programs, the extension as it ships, one VS Code and one browser. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const executablePath = await chromiumPath(report);
  await workbenchPrograms(report);
  const folder = mkdtempSync(join(tmpdir(), 'ibrl-vsix-'));
  const vsix = process.env['IBRL_VSIX'] ?? join(folder, 'ibrl-studio.vsix');
  if (process.env['IBRL_VSIX'] === undefined) await packageExtension(vsix);
  const server = await startCodeServer({ vsix });
  const browser = await chromium.launchServer({ ...browserOptions, executablePath });
  provide('vsix', vsix);
  provide('workbenchUrl', server.url);
  provide('workbenchData', server.data);
  provide('browserEndpoint', browser.wsEndpoint());
  return async () => {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
