import { describeSystem } from '../../../experiment/systems';
import type { SystemSettings } from '../../../experiment/experiment';
import { Random } from '../../random';
import { at, observedCount } from '../benchmarkState';
import { IndustrialBenchmark } from '../industrialBenchmark';
import { runEpisodes } from '../record';
import { createScripted } from '../scripted/createScripted';
import { episodeSeeds } from '../seeds';
import type { GoldenFile } from './goldenFile';
import { GoldenError, isRecord, numberOf, parseJson } from './goldenFile';

/** The reference's names of its policies, and ours. */
const policies: ReadonlyMap<unknown, string> = new Map([
  ['zero', 'do-nothing'],
  ['uniform', 'random'],
  ['bad', 'bad'],
  ['mediocre', 'mediocre'],
  ['optimized', 'optimized'],
]);

/** One mean of one cell beside the reference's. */
export interface StatisticsCheck {
  /** setpoint, policy and steps */
  readonly cell: string;
  readonly measure: string;
  readonly mean: number;
  readonly referenceMean: number;
  /** |difference| / (standard deviation · √(1/n_reference + 1/n)) */
  readonly zScore: number;
}

/** Numbers of one episode by name; `hit_latent_max` is 1 or 0. */
type Measures = Record<string, number>;

/**
 * Plays every cell of policy-stats.json with fresh episodes and compares the means, each with the standard error of
 * both. Returns leave out the reset's own step, and discounting begins with the first.
 *
 * @param episodes own episodes for each cell
 */
export function checkStatistics(file: GoldenFile, episodes: number): StatisticsCheck[] {
  const content = parseJson(file.entry.file, file.text);
  const cells = isRecord(content) ? content.cells : undefined;
  if (!Array.isArray(cells) || cells.length === 0) throw new GoldenError(file.entry.file, 'needs a list "cells".');
  return cells.flatMap((cell, position) => {
    if (!isRecord(cell)) throw new GoldenError(file.entry.file, `cell ${position} is no object.`);
    return checkCell(file.entry.file, cell, episodes);
  });
}

function checkCell(file: string, cell: Record<string, unknown>, episodes: number): StatisticsCheck[] {
  const policy = policies.get(cell.policy);
  if (!policy) throw new GoldenError(file, `has a cell of the unknown policy ${JSON.stringify(cell.policy)}.`);
  const setpoint = numberOf(file, 'setpoint', cell.setpoint);
  const steps = numberOf(file, 'steps', cell.steps);
  const referenceEpisodes = numberOf(file, 'episodes', cell.episodes);
  const measures = Object.keys(cell).filter((name) => isRecord(cell[name]) || name === 'hit_latent_max');
  const own = play(setpoint, policy, steps, episodes, measures);
  const label = `setpoint ${setpoint}, ${policy}, ${steps} steps`;
  return measures.map((measure) => {
    const values = own.map((episode) => episode[measure]);
    if (!values.every(Number.isFinite)) throw new GoldenError(file, `has a measure "${measure}" that is not known.`);
    const reference = cell[measure];
    const mean = average(values);
    const referenceMean = numberOf(file, measure, isRecord(reference) ? reference.mean : reference);
    // a share has no recorded spread: that of both samples together
    const share = (referenceMean * referenceEpisodes + mean * episodes) / (referenceEpisodes + episodes);
    const spread = isRecord(reference)
      ? Math.max(numberOf(file, `${measure}.std`, reference.std), deviationOf(values))
      : Math.sqrt(share * (1 - share));
    const standardError = spread * Math.sqrt(1 / referenceEpisodes + 1 / episodes);
    return { cell: label, measure, mean, referenceMean, zScore: zScore(mean - referenceMean, standardError, referenceMean) };
  });
}

function play(setpoint: number, policy: string, steps: number, episodes: number, measures: readonly string[]): Measures[] {
  const settings: SystemSettings = { kind: 'industrial-benchmark', setpoint, setpointProcess: 'fixed' };
  const simulator = new IndustrialBenchmark(describeSystem(settings), episodes, setpoint, 'fixed');
  const controller = createScripted(settings, policy, 0);
  const seeds = episodeSeeds(new Random(1).fork('policy-statistics', setpoint, policy, steps), episodes);
  const discounts = measures.filter((name) => name.startsWith('ret_disc_')).map((name) => ({ name, rate: Number(name.slice('ret_disc_'.length)) }));
  const results: Measures[] = Array.from({ length: episodes }, () => ({ ret: 0, mean_f: 0, mean_c: 0, hit_latent_max: 0 }));
  runEpisodes({ simulator, controller, steps, seeds }, (step, states, _actions, rewards) => {
    if (step === 0) return;
    results.forEach((result, e) => {
      const fatigue = states[e * observedCount + at.fatigue];
      const consumption = states[e * observedCount + at.consumption];
      result.ret += rewards[e];
      for (const { name, rate } of discounts) result[name] = (result[name] ?? 0) + rate ** (step - 1) * rewards[e];
      result.mean_f += fatigue / steps;
      result.mean_c += consumption / steps;
      result.last_f = fatigue;
      result.last_c = consumption;
      result.last_reward = rewards[e];
      if (simulator.latentFatigue(e) === 5) result.hit_latent_max = 1;
    });
  });
  return results;
}

function zScore(difference: number, standardError: number, reference: number): number {
  if (standardError > 0) return Math.abs(difference) / standardError;
  return Math.abs(difference) <= 1e-9 * Math.max(1, Math.abs(reference)) ? 0 : Number.MAX_VALUE;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = average(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
