import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { Evaluation } from '../../src/run/contract';
import { run, SMALL, TestFolder } from '../trainer/processes';

const ibrl = fileURLToPath(new URL('../../dist/ibrl.cjs', import.meta.url));
const folder = new TestFolder();
afterAll(() => folder.clean());

/** Bounds that the episodes, which begin in [6, 10]², must cross on their way to the goal at (3, 6). */
const crossed = SMALL.replace('x: [0, 10]', 'x: [7, 10]').replace('iterations: 2', 'iterations: 1');

test.each([
  ['soft', '{ constrain: false, soft: { weight: 0.1 } }'],
  ['objective', '{ constrain: false, objective: { weight: 0.1 } }'],
  ['violation', '{ constrain: false, violation: { weight: 0.001 } }'],
])('steps outside the bounds are counted and shown where safety is %s only', async (name, safety) => {
  const { code, stderr } = await run(['train', folder.experiment(`${crossed}safety: ${safety}\n`, `${name}.ibrl.yaml`), '--run', folder.at(name)]);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const { policies } = JSON.parse(readFileSync(join(folder.at(name), 'iterations/001/evaluation.json'), 'utf8')) as Evaluation;
  const counts = policies.map(({ violations }) => violations.steps);
  expect(Math.max(...counts)).toBeGreaterThan(0);
  const shown = execFileSync(process.execPath, [ibrl, 'show', folder.at(name)], { encoding: 'utf8' });
  counts.forEach((count, index) => expect(shown).toMatch(new RegExp(`^policy ${index + 1} .* ${count}$`, 'm')));
  execFileSync(process.execPath, [ibrl, 'report', folder.at(name), '--out', folder.at(`${name}.html`)]);
  const total = counts.reduce((sum, count) => sum + count, 0);
  expect(readFileSync(folder.at(`${name}.html`), 'utf8')).toMatch(new RegExp(`Bounds left in ${total} of`));
}, 60_000);
