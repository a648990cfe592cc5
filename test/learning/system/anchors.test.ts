import { expect, test } from 'vitest';
import type { SystemSettings } from '../../../src/experiment/experiment';
import { Random } from '../../../src/learning/random';
import { createSimulator } from '../../../src/learning/system/createSimulator';
import { scoreEpisodes } from '../../../src/learning/system/record';
import { createScripted } from '../../../src/learning/system/scripted/createScripted';
import { episodeSeeds } from '../../../src/learning/system/seeds';

/** Published and independently measured values; tolerances are about four standard errors of the two together. */

function score(settings: SystemSettings, policy: string, epsilon: number, episodes: number, steps: number, discount: number) {
  return scoreEpisodes({
    simulator: createSimulator(settings, episodes),
    controller: createScripted(settings, policy, epsilon),
    steps,
    seeds: episodeSeeds(new Random(20), episodes),
    discount,
  });
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

test.each([
  ['uniform', 'nearer-target', 0.1, 1.05, 0.09],
  ['uniform', 'nearer-target', 0, 0.97, 0.09],
  ['uniform', 'random', 0, 2.55, 0.4],
  ['uniform', 'straight-to-goal', 0, 20.51, 0.13],
  ['corner', 'straight-to-goal', 0, 19.52, 0.13],
  ['far', 'nearer-target', 0.1, 0.16, 0.015],
  ['far', 'straight-to-goal', 0, 19.55, 0.13],
] as const)('2D world, start %s: the return of %s with epsilon %d is %d', (start, policy, epsilon, expected, tolerance) => {
  const { returns } = score({ kind: 'grid-2d', start }, policy, epsilon, 2000, 25, 0.99);
  expect(Math.abs(mean(returns) - expected)).toBeLessThan(tolerance);
});

test.each([
  ['do-nothing', 0, 209.4, 0.5],
  ['hold', 0, 185.2, 0.5],
  ['shift-oscillator', 0, 170.8, 0.5],
  ['optimized', 0, 188.4, 0.5],
  ['optimized', 0.4, 191.2, 1],
  ['bad', 0, 2658.4, 0.5],
] as const)('Industrial Benchmark at setpoint 70: %s with epsilon %d costs %d per step', (policy, epsilon, expected, tolerance) => {
  const settings: SystemSettings = { kind: 'industrial-benchmark', setpoint: 70, setpointProcess: 'fixed' };
  const { costs } = score(settings, policy, epsilon, 20, 1000, 1);
  expect(Math.abs(mean(costs) - expected)).toBeLessThan(tolerance);
});
