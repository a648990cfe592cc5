import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AttemptFacts, NewRun } from '../../src/run/writer';

/** A folder for one test, removed afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ibrl-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const facts: AttemptFacts = { engine: 'reference', arithmetic: 'portable', threads: 1, versions: { ibrl: '0.1.0', node: process.versions.node } };

export const newRun: NewRun = {
  id: '20260131-142501-k3f9',
  name: 'A small one',
  seed: 7,
  iterations: 2,
  policies: 2,
  source: null,
  experimentText: 'ibrl: 1\nname: A small one\n',
  dataSha256: {},
};
