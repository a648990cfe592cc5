import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { Random } from '../../src/learning/random';
import { countViolations } from '../../src/learning/evaluation/violations';
import { trajectoryCharts } from '../../src/report/trajectoryCharts';
import { readTrajectories } from '../../src/report/readNumbers';
import { Float32File } from '../../src/run/float32File';
import { trajectoriesFile } from '../../src/trainer/phases/deploying';
import { syntheticReport } from '../report/syntheticReport';
import { TestFolder } from './processes';

const folder = new TestFolder();
afterAll(() => folder.clean());

/** As percentiles give them: with more digits than a float32 has, and than a chart shows. */
const bounds = { temperature: [353.1512345678, 353.4187654321] } as const;
const [low, high] = bounds.temperature;

function recorded(values: readonly number[]) {
  const episode = { iteration: 1, policy: 1, frames: values.length, states: Float64Array.from(values), actions: new Float64Array(values.length), rewards: new Float64Array(values.length) };
  const batch = { stateNames: ['temperature'], actionNames: ['heat'], episodes: [episode] };
  writeFileSync(folder.at('trajectories.f32'), trajectoriesFile(batch, { bounds, scales: { states: [], changes: [], actions: [], reward: 1 }, constraints: [] }));
  const file = Float32File.open(folder.at('trajectories.f32'));
  const shown = readTrajectories(file, 1, ['temperature']).episodes;
  const numbers = file.read(0, file.length).filter((_, i) => i % 3 === 0);
  file.close();
  const data = { ...syntheticReport(), trajectories: shown, variables: [{ name: 'temperature', unit: 'K', range: [300, 400] as const, bounds }].map((one) => ({ ...one, bounds: [low, high] as const })) };
  return { truth: countViolations(['temperature'], bounds, [episode]).outside, written: [...numbers].slice(1).filter((value) => value < low || value > high).length, summary: trajectoryCharts(data)[0].charts[0].summary };
}

test('steps on a bound are within it in the file of trajectories and in the report, and steps beside it are not in the file', () => {
  const random = new Random(1);
  // the limits that a constrained policy may reach lie 1e-6 of the width within
  const kept = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? low + 3e-7 * random.next() : high - 3e-7 * random.next()));
  expect(recorded([353.2, ...kept])).toMatchObject({ truth: 0, written: 0, summary: expect.stringContaining('Inside the bounds in every drawn step.') });
  const left = Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? low - 3e-7 : high + 3e-7));
  expect(recorded([353.2, ...left])).toMatchObject({ truth: 50, written: 50 });
});
