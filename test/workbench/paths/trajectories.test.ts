import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import { readIterationPairs } from '../../../src/messages/comparison';
import { Float32File } from '../../../src/run/float32File';
import { carelessBenchmark } from '../driver/experiments';
import { runsOf, trainRun } from '../driver/runs';
import { numberOf } from '../driver/tables';
import { Workbench } from '../driver/workbench';

let workbench: Workbench | null = null;
afterEach(async () => {
  await workbench?.close();
  workbench = null;
});

test('trajectories are scrubbed by keys and by pointer, stepped and played; each frame shows what was recorded, with violations marked and the promise beside it', async () => {
  workbench = await Workbench.open({ files: { 'plant.ibrl.yaml': carelessBenchmark() }, before: (folder) => trainRun(folder, 'plant.ibrl.yaml') });
  const iteration = join(runsOf(workbench.workspace)[0], 'iterations/001');
  const recorded = readRecording(join(iteration, 'trajectories.f32'), 2);
  await workbench.command('IBRL: Open Trajectories');
  const page = workbench.webview();
  await page.getByRole('button', { name: 'π2' }).click();
  const isAt = async (step: number): Promise<void> => {
    await page.locator('.player', { hasText: `step ${grouped(step)} of ${grouped(recorded.last)}` }).waitFor();
    for (const { name } of recorded.bounded) await rowOf(page, name).locator('.readings strong', { hasText: new RegExp(`^${written(recorded.at(name, step))}$`) }).waitFor();
  };
  const shownStep = async (): Promise<number> => numberOf((await page.locator('.player .buttons > span').first().innerText()).replace('step', ''));
  await isAt(0);

  const chart = page.getByRole('slider', { name: /over steps/ });
  await chart.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'Shift+ArrowRight']) await chart.press(key);
  await isAt(12);
  await chart.press('End');
  await isAt(recorded.last);

  const picture = page.locator('ibrl-series .row canvas').first();
  const box = await picture.boundingBox();
  await picture.click({ position: { x: (box?.width ?? 0) / 2, y: 20 } });
  const middle = await shownStep();
  expect(Math.abs(middle - recorded.last / 2)).toBeLessThan(recorded.last / 20);
  await isAt(middle);
  const scrubber = page.getByRole('slider', { name: 'Step', exact: true });
  await scrubber.click({ position: { x: ((await scrubber.boundingBox())?.width ?? 0) / 4, y: 5 } });
  const quarter = await shownStep();
  expect(Math.abs(quarter - recorded.last / 4)).toBeLessThan(recorded.last / 20);
  await isAt(quarter);

  await page.getByRole('button', { name: 'One step on' }).click();
  await isAt(quarter + 1);
  await page.getByRole('button', { name: 'To the beginning' }).click();
  await isAt(0);
  await page.getByLabel('Speed').selectOption({ label: '250 steps/s' });
  const begun = performance.now();
  await page.getByRole('button', { name: 'Play' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await isAt(recorded.last);
  // at the first speed, ten steps a second, it would have taken twenty-five times as long
  expect(performance.now() - begun).toBeLessThan((1000 * recorded.last) / 10);
  await page.getByRole('button', { name: 'Play' }).waitFor();

  const violations = recorded.bounded.map((variable) => ({ ...variable, steps: recorded.outside(variable) })).filter(({ steps }) => steps.length > 0);
  const worst = violations.reduce((a, b) => (b.steps.length > a.steps.length ? b : a));
  await page.locator('.sentence h1', { hasText: `${worst.name} crosses its bound in ${grouped(worst.steps.length)} of ${grouped(recorded.last)} steps` }).waitFor();
  expect(await page.locator('.track line.violation').count()).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'To the beginning' }).click();
  await page.getByRole('button', { name: 'Next violation' }).click();
  const first = Math.min(...violations.map(({ steps }) => steps[0]));
  await isAt(first);
  for (const { name, bounds } of violations.filter(({ steps }) => steps[0] === first)) {
    const value = recorded.at(name, first);
    const side = value > bounds[1] ? `${(value - bounds[1]).toFixed(2)} above the bound` : `${(bounds[0] - value).toFixed(2)} below the bound`;
    await rowOf(page, name).locator('.near.outside', { hasText: side }).waitFor();
  }

  await page.getByRole('button', { name: 'To the beginning' }).click();
  const start = Number(/recorded start (\d+) of/.exec(await page.locator('.sentence').innerText())?.[1]);
  const pair = readIterationPairs(readFileSync(join(iteration, 'diff.json'))).find(({ policy }) => policy === 2);
  const promised = pair?.predicted?.trajectories[start - 1].states.find(({ name }) => name === 'gain')?.after.mean[0] ?? Number.NaN;
  const beside = rowOf(page, 'gain').locator('.readings > span.muted').first();
  await beside.filter({ hasText: promised.toFixed(2) }).waitFor();
  const shown = page.getByRole('group', { name: 'What is shown' });
  await shown.getByRole('button', { name: 'real' }).click();
  await page.locator('ul.key', { hasText: 'right: the value at the cursor' }).waitFor();
  expect(await beside.innerText()).toBe('');
  expect(await page.locator('ul.key').innerText()).not.toContain('predicted');
  await shown.getByRole('button', { name: 'both' }).click();
  await page.locator('ul.key', { hasText: 'predicted' }).waitFor();
});

interface Recorded {
  /** last step of the episode */
  readonly last: number;
  readonly bounded: readonly { readonly name: string; readonly bounds: readonly [number, number] }[];
  at(name: string, step: number): number;
  /** steps outside of the bounds; the first frame is where the episode was put */
  outside(variable: { readonly name: string; readonly bounds: readonly [number, number] }): number[];
}

/** The deployed episode of a policy as the file of the run has it. */
function readRecording(path: string, policy: number): Recorded {
  const file = Float32File.open(path);
  const { names, shape, notes } = file.header;
  const [, frames, columns] = shape;
  const episode = (notes['policies'] as number[]).indexOf(policy);
  const values = file.read(episode * frames * columns, frames * columns);
  file.close();
  const at = (name: string, step: number): number => values[step * columns + names.indexOf(name)];
  const outside: Recorded['outside'] = ({ name, bounds: [low, high] }) => {
    const slack = 1e-6 * (high - low);
    return Array.from({ length: frames - 1 }, (_, i) => i + 1).filter((step) => at(name, step) > high + slack || at(name, step) < low - slack);
  };
  return { last: frames - 1, bounded: Object.entries(notes['bounds'] as Record<string, [number, number]>).map(([name, bounds]) => ({ name, bounds })), at, outside };
}

function rowOf(page: FrameLocator, name: string) {
  return page.locator('ibrl-series .row').filter({ has: page.locator('.name', { hasText: new RegExp(`^${name}\\b`) }) });
}

/** Two decimals; from a hundred on, one. */
function written(value: number): string {
  return value.toFixed(Math.abs(value) >= 100 ? 1 : 2);
}

function grouped(value: number): string {
  return value.toLocaleString('en');
}
