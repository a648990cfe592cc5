import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { validateExperimentBytes } from '../../src/experiment/validate';

/** The validator and the built trainer on every file of the corpus: what one refuses, the other does too. */

const trainer = join(import.meta.dirname, '../../dist/trainer.cjs');
const fixtures = join(import.meta.dirname, '../fixtures/experiments');
const runs = mkdtempSync(join(tmpdir(), 'ibrl-agrees-'));
const files = ['bad', 'good'].flatMap((folder) => readdirSync(join(fixtures, folder)).map((name) => `${folder}/${name}`)).filter((name) => name.endsWith('.ibrl.yaml'));

afterAll(() => rmSync(runs, { recursive: true, force: true }));

/** Once the run is there, nobody waits at the other end of stdin any more, so it is left at its first place where it can be. */
function begin(file: string, run: string): Promise<{ code: number; stderr: string }> {
  return new Promise((resolve) => {
    const looking = setInterval(() => existsSync(join(run, 'run.json')) && child.stdin?.end(), 20);
    const child = execFile(process.execPath, [trainer, '--run', run, '--experiment', file, '--attached', '--allow-programs', '--threads', '1'], (error, _stdout, stderr) => {
      clearInterval(looking);
      resolve({ code: error ? Number(error.code) : 0, stderr });
    });
  });
}

describe('the trainer', () => {
  test.concurrent.each(files)('agrees about %s', { timeout: 60_000 }, async (name) => {
    const file = join(fixtures, name);
    const run = join(runs, name.replace('/', '-'));
    const errors = validateExperimentBytes(readFileSync(file)).findings.filter((finding) => finding.severity === 'error');
    const { code, stderr } = await begin(file, run);
    if (errors.length > 0) {
      expect(stderr).toContain(errors[0].message);
      expect({ code, run: existsSync(run) }).toEqual({ code: 2, run: false });
    } else {
      expect({ code, stderr, run: existsSync(join(run, 'run.json')) }).toEqual({ code: 75, stderr: '', run: true });
    }
  });
});
