import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { register } from '../../../src/cli/commands/describe';
import { type ExperimentDescription, parseExperimentDescription } from '../../../src/run/experimentDescription';
import { runCommand } from './runCommand';

const folder = mkdtempSync(join(tmpdir(), 'ibrl-describe-'));
afterAll(() => rmSync(folder, { recursive: true }));

const examples = join(import.meta.dirname, '../../../examples');
const run = (...words: string[]) => runCommand(register, ['describe', ...words]);

async function described(file: string): Promise<ExperimentDescription> {
  const { code, stderr, stdout } = await run(file, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const description = parseExperimentDescription(stdout);
  expect(description, 'the parser passes on all that is printed').toEqual(JSON.parse(stdout));
  return description;
}

describe('describe', () => {
  test('records a simulator’s first batch as a run would', async () => {
    const { batch, name, system, variables } = await described(join(examples, 'grid-2d.ibrl.yaml'));
    expect({ name, system, batch }).toEqual({ name: '2D world, far from the goal', system: 'grid-2d', batch: { episodes: 20, rows: 520, transitions: 500, longestEpisode: 25 } });
    expect(variables.map(({ bounds, name: variable, range, role, unit }) => [variable, role, unit, range, bounds])).toEqual([
      ['x', 'state', expect.any(String), [0, 10], [0, 10]], ['y', 'state', expect.any(String), [0, 10], [0, 10]], ['dx', 'action', expect.any(String), [-1, 1], null], ['dy', 'action', expect.any(String), [-1, 1], null],
    ]);
    const counted = variables.map(({ recorded }) => [recorded?.counts.length, recorded?.counts.reduce((sum, count) => sum + count, 0)]);
    expect(counted).toEqual([[40, 520], [40, 520], [40, 500], [40, 500]]);
  });

  test('reads a plant’s files, with disturbances, units and largest changes', async () => {
    const { batch, variables } = await described(join(examples, 'plant-csv/tank.ibrl.yaml'));
    expect(batch).toMatchObject({ episodes: 3, rows: 1380, longestEpisode: 719 });
    expect(variables.map(({ name, role, maxChange }) => [name, role, maxChange])).toEqual([
      ['level', 'state', null], ['temperature', 'state', null], ['valve', 'state', null], ['inflow', 'exogenous', null], ['valveMove', 'action', null], ['heater', 'action', 20],
    ]);
    for (const { name, range, recorded } of variables) expect({ name, within: recorded !== null && recorded.minimum >= range[0] && recorded.maximum <= range[1] && recorded.p5 < recorded.mean && recorded.mean < recorded.p95 }).toEqual({ name, within: true });
  });

  test('starts no program: its variables are told without a batch', async () => {
    const { batch, variables } = await described(join(examples, 'own-simulator/tank.ibrl.yaml'));
    expect(batch).toBeNull();
    expect(variables.map(({ name, recorded }) => [name, recorded])).toEqual([['level', null], ['valve', null], ['inflow', null], ['turn', null]]);
  });

  test('resolves percentiles on the batch', async () => {
    const file = join(folder, 'percentiles.ibrl.yaml');
    writeFileSync(file, 'ibrl: 1\nsystem: { kind: grid-2d }\nbounds: { percentiles: [5, 95] }\n');
    for (const { bounds, name, recorded } of (await described(file)).variables) if (name.length === 1) expect(bounds).toEqual([recorded?.p5, recorded?.p95]);
  });

  test('tells people in a table', async () => {
    const { stdout } = await run(join(examples, 'grid-2d.ibrl.yaml'));
    expect(stdout).toMatch(/^2D world, far from the goal: grid-2d\nFirst batch: 500 transitions in 20 episodes, the longest of 25\.\nvariable .*95 %.*\nx +state/);
  });

  test('ends with 2 where there is nothing to describe, and says why', async () => {
    cpSync(join(examples, 'plant-csv/tank.ibrl.yaml'), join(folder, 'tank.ibrl.yaml'));
    const bad = join(folder, 'bad.ibrl.yaml');
    writeFileSync(bad, readFileSync(join(examples, 'grid-2d.ibrl.yaml'), 'utf8').replace('grid-2d\n', 'grid-3d\n'));
    for (const [file, code] of [[join(folder, 'none.ibrl.yaml'), 'file-missing'], [join(folder, 'tank.ibrl.yaml'), 'recordings-unusable'], [bad, expect.any(String)]] as const) {
      const ended = await run(file, '--json');
      expect([ended.code, ended.stdout]).toEqual([2, '']);
      expect((JSON.parse(ended.stderr) as { error: { code: string } }).error.code).toEqual(code);
    }
  });
});

test.each([
  ['no JSON', '{'],
  ['another format', '{"format":"ibrl-run","version":1}'],
  ['a range upside down', JSON.stringify({ format: 'ibrl-description', version: 1, name: 'a', system: 'plant', batch: null, variables: [{ name: 'x', role: 'state', unit: 'm', range: [2, 1] }] })],
  ['a role that is none', JSON.stringify({ format: 'ibrl-description', version: 1, name: 'a', system: 'plant', batch: null, variables: [{ name: 'x', role: 'reward', unit: 'm', range: [1, 2] }] })],
])('a description is refused that is %s', (_what, text) => {
  expect(() => parseExperimentDescription(text)).toThrow(/the description/);
});
