import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { register } from '../../../src/cli/commands/simulate';
import { describeSystemOfKind } from '../../../src/experiment/systems';
import { writePolicy } from '../../../src/learning/policy/policyFile';
import { runCommand } from './runCommand';

const folder = mkdtempSync(join(tmpdir(), 'ibrl-simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...words: string[]) => runCommand(register, ['simulate', ...words]);

test('the Industrial Benchmark is played at setpoint 70, 1000 steps and without discount where nothing else is said', async () => {
  const { code, stdout } = await run('industrial-benchmark', '--policy', 'hold', '--episodes', '10', '--seed', '3', '--json');
  expect(code).toBe(0);
  const result = JSON.parse(stdout);
  expect(result).toMatchObject({ system: 'industrial-benchmark', policy: 'hold', episodes: 10, steps: 1000, discount: 1 });
  expect(Math.abs(result.cost.mean - 185.2)).toBeLessThan(1);
  expect(result.return.mean).toBeCloseTo(-1000 * result.cost.mean, 4);
  expect(result.cost.standardError).toBeGreaterThan(0);
});

test('the 2D world is played for 25 steps with discount 0.99 where nothing else is said', async () => {
  const result = JSON.parse((await run('grid-2d', '--policy', 'straight-to-goal', '--episodes', '500', '--json')).stdout);
  expect(result).toMatchObject({ steps: 25, discount: 0.99 });
  expect(Math.abs(result.return.mean - 20.51)).toBeLessThan(0.3);
});

test('settings of the system, exploration and discount are obeyed', async () => {
  const words = ['industrial-benchmark', '--policy', 'do-nothing', '--episodes', '5', '--steps', '100', '--json'];
  const cost = async (...more: string[]) => JSON.parse((await run(...words, ...more)).stdout).cost.mean;
  expect(Math.abs((await cost('--set', 'system.setpoint=100')) - 300.48)).toBeLessThan(5);
  expect(await cost('--epsilon', '1')).not.toBe(await cost());
  expect(JSON.parse((await run(...words, '--discount', '0.97')).stdout).return.mean).toBeGreaterThan(-7000);
});

test('the same seed gives the same bytes, another seed others', async () => {
  const words = ['industrial-benchmark', '--policy', 'optimized', '--episodes', '2', '--steps', '50', '--json', '--seed'];
  expect((await run(...words, '4')).stdout).toBe((await run(...words, '4')).stdout);
  expect((await run(...words, '5')).stdout).not.toBe((await run(...words, '4')).stdout);
});

test('people get three short lines', async () => {
  const { stdout } = await run('grid-2d', '--policy', 'nearer-target', '--epsilon', '0.1', '--episodes', '50', '--set', 'system.start=far');
  expect(stdout).toMatch(/^nearer-target, epsilon 0\.1 on grid-2d: 50 episodes of 25 steps, seed 1\ncost per step {2}-?\d+\.\d{3} ± \d+\.\d{3}\nreturn .*discount 0\.99\)\n$/);
});

test.each([
  ['an unknown system', ['grid-3d'], /grid-3d/],
  ['a plant', ['plant'], /A plant cannot be simulated.*grid-2d, industrial-benchmark.*ibrl replay/],
  ['a simulator program', ['program'], /simulator program is not played here.*ibrl train FILE/],
  ['an experiment file', ['examples/plant-csv/tank.ibrl.yaml'], /is a file.*ibrl train examples/],
  ['an unknown policy', ['grid-2d', '--policy', 'fly'], /no scripted policy "fly".*nearer-target/],
  ['a setting out of range', ['industrial-benchmark', '--set', 'system.setpoint=140'], /setpoint/],
  ['a misspelt setting', ['industrial-benchmark', '--set', 'system.setpiont=40'], /setpiont/],
  ['a setting with half a value', ['grid-2d', '--set', 'system.start=[far'], /no value in YAML/],
  ['a setting without value', ['industrial-benchmark', '--set', 'system.setpoint'], /setting=value/],
])('%s ends with exit code 2 and a sentence', async (_what, words, message) => {
  const { code, stdout, stderr } = await run(...words);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
});

/** A policy for the 2D world whose network gives 0 for everything. */
const resting = writePolicy({
  network: { sizes: [2, 2], activation: 'tanh', parameters: new Float32Array(6) },
  history: 1,
  states: ['x', 'y'],
  inputs: ['x', 'y'].map((name) => ({ source: 'state', scale: { name, middle: 5, unit: 10 / Math.sqrt(12), logFloor: null } })),
  actions: describeSystemOfKind('grid-2d').actions,
  constraints: [],
});

test('a searched policy is played from its file', async () => {
  const file = join(folder, 'resting.json');
  writeFileSync(file, resting);
  const words = ['--episodes', '20', '--json'];
  const scripted = JSON.parse((await run('grid-2d', '--policy', 'do-nothing', ...words)).stdout);
  expect(JSON.parse((await run('grid-2d', '--policy', file, ...words)).stdout)).toEqual({ ...scripted, policy: file });
});

test('a policy of another system ends with exit code 2 and a sentence', async () => {
  const file = join(folder, 'other.json');
  writeFileSync(file, resting);
  const { code, stderr } = await run('industrial-benchmark', '--policy', file);
  expect(code).toBe(2);
  expect(stderr).toContain('a policy for the states x, y, not for industrial-benchmark');
});

test('a file that is no policy ends with exit code 2 and a sentence', async () => {
  const file = join(folder, 'policy.json');
  writeFileSync(file, '{"hello": 1}');
  const { code, stderr } = await run('grid-2d', '--policy', file);
  expect(code).toBe(2);
  expect(stderr).toContain('not a policy file');
});
