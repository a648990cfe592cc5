import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, describe, test } from 'vitest';
import type { SystemSettings } from '../../../../src/experiment/experiment';
import { describeSystem } from '../../../../src/experiment/systems';
import { fitScales } from '../../../../src/learning/data/scaling';
import { boundsBind, coverageStalls, nearestDistances, recordingsRedundant } from '../../../../src/learning/evaluation/healthSigns/explorationSigns';
import { actionsWithoutSupport, behaviourWithoutSupport, modelsUnstable } from '../../../../src/learning/evaluation/healthSigns/modelSigns';
import { modelsVary, policiesVary, promiseMissed } from '../../../../src/learning/evaluation/healthSigns/outcomeSigns';
import { chosenFrames, distancesToRecordings, promisedValues } from '../../../../src/learning/evaluation/healthSigns/recordings';
import { diversityDominates, type GradientCheck, termsInConflict } from '../../../../src/learning/evaluation/healthSigns/searchSigns';
import { type HealthSign, signCodes } from '../../../../src/learning/evaluation/healthSigns/sign';
import { healthThresholds } from '../../../../src/learning/evaluation/healthSigns/thresholds';
import { recordEpisodes } from '../../../../src/learning/system/record';
import { createScripted } from '../../../../src/learning/system/scripted/createScripted';
import { english, spoken } from '../../../../src/sentence/sentence';
import { untranslatedWords } from '../../../webview/pseudoLocale';
import { createSimulator } from '../../../../src/learning/system/createSimulator';

const limit = Object.fromEntries(Object.entries(healthThresholds).map(([name, { value }]) => [name, value])) as Record<keyof typeof healthThresholds, number>;
const EPSILON = 1e-6;

/** A check in which diversity's gradient is `ratio` times the return's. */
const check = (cosine: number, ratio: number): GradientCheck => ({ norms: { return: 2, diversity: 2 * ratio }, cosines: { 'return diversity': cosine } });
const said = (sign: HealthSign | null): string => (sign === null ? '' : english(sign.said));
const around = (middle: number) => [middle - 1e-4, middle + 1e-4];

/** Each sign on numbers a little on the healthy and a little on the raised side of a threshold. */
const sides: readonly [string, HealthSign | null, HealthSign | null][] = [
  ['the cosine of two terms', termsInConflict([check(limit.conflictCosine + EPSILON, 1)]), termsInConflict([check(limit.conflictCosine - EPSILON, 1)])],
  ['the ratio of gradients', diversityDominates([check(0, limit.dominanceRatio - EPSILON)], [0.5], -0.5), diversityDominates([check(0, limit.dominanceRatio + EPSILON)], [0.5], -0.5)],
  ['the return lost', diversityDominates([check(0, 9)], [limit.dominanceLoss - EPSILON], 0), diversityDominates([check(0, 9)], [limit.dominanceLoss + EPSILON], 0)],
  ['the share of return lost', diversityDominates([check(0, 9)], [limit.dominanceShare - EPSILON - 1], -1), diversityDominates([check(0, 9)], [limit.dominanceShare + EPSILON - 1], -1)],
  ['new coverage', coverageStalls(0.1, 0.1 + limit.coverageGain + EPSILON, true), coverageStalls(0.1, 0.1 + limit.coverageGain - EPSILON, true)],
  ['coverage that is enough', coverageStalls(limit.coverageEnough + EPSILON, limit.coverageEnough + EPSILON, true), coverageStalls(limit.coverageEnough - EPSILON, limit.coverageEnough - EPSILON, true)],
  ['the distance to a bound', boundsBind([limit.boundNear + EPSILON], [[0, 1]]), boundsBind([limit.boundNear - EPSILON], [[0, 1]])],
  ['the distance to recorded frames', recordingsRedundant([limit.sameFrame + EPSILON]), recordingsRedundant([limit.sameFrame - EPSILON])],
  ['the range between policies', policiesVary([[0, 0], [2 * limit.policyRange - EPSILON, 2 * limit.policyRange - EPSILON]], 2, false), policiesVary([[0, 0], [2 * limit.policyRange + EPSILON, 2 * limit.policyRange + EPSILON]], 2, false)],
  ['the range between diverse policies', policiesVary([[0, 0], [limit.policyRangeDiverse - EPSILON, limit.policyRangeDiverse - EPSILON]], 1, true), policiesVary([[0, 0], [limit.policyRangeDiverse + EPSILON, limit.policyRangeDiverse + EPSILON]], 1, true)],
  ['the spread of members', modelsVary([[[0], [2 * limit.memberSpread - EPSILON]]], 1), modelsVary([[[0], [2 * limit.memberSpread + EPSILON]]], 1)],
  ['a promise that was too good', promiseMissed([[0, 0]], [around(limit.promiseGap - EPSILON)], 1), promiseMissed([[0, 0]], [around(limit.promiseGap + EPSILON)], 1)],
  ['a promise that was too bad', promiseMissed([[0, 0]], [around(EPSILON - limit.promiseGap)], 1), promiseMissed([[0, 0]], [around(-EPSILON - limit.promiseGap)], 1)],
  ['the range of recordings', modelsUnstable([{ name: 'fatigue', recorded: [0, 1], values: [1 + limit.rangeMargin - EPSILON] }]), modelsUnstable([{ name: 'fatigue', recorded: [0, 1], values: [1 + limit.rangeMargin + EPSILON] }])],
  ['what β gains', behaviourWithoutSupport(3 * (limit.behaviourGain + Math.log(0.5)) + EPSILON, 3), behaviourWithoutSupport(3 * (limit.behaviourGain + Math.log(0.5)) - EPSILON, 3)],
  ['the share of actions with support', actionsWithoutSupport([1, limit.supportShare + EPSILON], true), actionsWithoutSupport([1, limit.supportShare - EPSILON], true)],
];

test.each(sides)('a sign is raised beyond its threshold and not before: %s', (_, healthy, raised) => {
  expect(healthy?.raised).toBe(false);
  expect(raised?.raised).toBe(true);
});

test('every sign has a threshold that a test crosses, and says cause and remedy', () => {
  const crossed = sides.map(([, , raised]) => raised);
  expect(new Set(crossed.map((sign) => sign?.code))).toEqual(new Set(signCodes));
  for (const sign of crossed) expect(said(sign)).toMatch(/^[A-Z].{40,}\. .*(Lower|Raise|Widen|Set|Add|Record|Take|More)/s);
});

test('every sign can be said in another language, all of it', () => {
  for (const [, , raised] of sides) expect(untranslatedWords(() => (raised === null ? 'nothing' : spoken(raised.said)), ['fatigue', 'diversity.weight'])).toEqual([]);
});

describe('gradients', () => {
  test('of terms that cancel are no conflict where one of them is small', () => {
    expect(termsInConflict([check(-1, limit.conflictRatio - EPSILON)])).toBeNull();
    expect(termsInConflict([check(-1, limit.conflictRatio + EPSILON)])?.raised).toBe(true);
  });

  test('of the worst pair are told, and the setting of the term that is not the return', () => {
    const sign = termsInConflict([{ norms: { return: 1, soft: 1, diversity: 1 }, cosines: { 'return soft': -0.95, 'return diversity': 0.5, 'soft diversity': 0 } }]);
    expect(sign?.metrics['cosine']).toBe(-0.95);
    expect(said(sign)).toContain('safety.soft.weight');
  });

  test('of a search with one term only say nothing', () => {
    expect(termsInConflict([])).toBeNull();
    expect(termsInConflict([{ norms: { return: 1 }, cosines: {} }])).toBeNull();
    expect(diversityDominates([{ norms: { return: 1 }, cosines: {} }], [0], -1)).toBeNull();
  });
});

test('a sign never holds a number that an event could not hold, whatever is measured', () => {
  const any = fc.double();
  const costs = fc.array(fc.array(any, { maxLength: 4 }), { maxLength: 4 });
  fc.assert(fc.property(any, any, costs, costs, fc.array(any), (a, b, some, others, list) => {
    const signs = [
      termsInConflict([check(a, b)]), diversityDominates([check(a, b)], list, b), coverageStalls(a, b, true), boundsBind(list, [[0, 1]]), recordingsRedundant(list), policiesVary(some, 1, true),
      modelsVary([some], 1), promiseMissed(some, others, 1), modelsUnstable([{ name: 'x', recorded: [a, b], values: list }]), behaviourWithoutSupport(a, 2), actionsWithoutSupport(list, true),
    ];
    for (const sign of signs) for (const number of Object.values(sign?.metrics ?? {})) expect(Number.isFinite(number)).toBe(true);
  }));
});

test('signs of outcomes do not depend on the unit of the reward', () => {
  // no denormals: their squares vanish, in one unit sooner than in the other
  const values = fc.array(fc.integer({ min: -4096, max: 4096 }).map((value) => value / 4096), { minLength: 4, maxLength: 4 });
  fc.assert(fc.property(fc.tuple(values, values), fc.tuple(values, values), (promised, real) => {
    // a power of two, so that no rounding differs
    const larger = (costs: readonly (readonly number[])[]) => costs.map((own) => own.map((cost) => 256 * cost));
    expect(promiseMissed(larger(promised), larger(real), 256)?.metrics).toEqual(promiseMissed(promised, real, 1)?.metrics);
    expect(policiesVary(larger(real), 256, false)?.metrics).toEqual(policiesVary(real, 1, false)?.metrics);
    expect(modelsVary([larger(promised)], 256)?.metrics).toEqual(modelsVary([promised], 1)?.metrics);
  }));
});

test('a difference within its errors raises nothing, however large', () => {
  expect(promiseMissed([[-3, 3]], [[-2, 4]], 1)?.raised).toBe(false);
  expect(policiesVary([[-3, 3], [-2, 4]], 1, false)?.raised).toBe(false);
});

test('of a single episode, whose error nobody knows, nothing is said', () => {
  expect([promiseMissed([[0, 0]], [[9]], 1), policiesVary([[0], [9]], 1, false)]).toEqual([null, null]);
  expect([promiseMissed([[0, 0]], [[9, 9]], 1)?.raised, policiesVary([[0, 0], [9, 9]], 1, false)?.raised]).toEqual([true, true]);
});

test('outcomes by hand: the widest range with the largest error, the median gap, the members’ own deviation', () => {
  // standard errors 1 and 0; the means of costs 1 apart in a reward scale of 2
  expect(policiesVary([[0, 2], [2, 2]], 2, false)?.metrics).toEqual({ range: 0.5, noise: 0.5 });
  // gaps 1, 2 and 9 with the errors 5, 1 and √2 of real 3, 1, 1 and promised 4, 0, 1
  const gaps = promiseMissed([[-4, 4], [0, 0], [-1, 1]], [[-2, 4], [1, 3], [8, 10]], 1);
  expect(gaps?.metrics['gap']).toBe(2);
  expect(gaps?.metrics['noise']).toBeCloseTo(Math.SQRT2, 12);
  // the members' means are 1 and 3, whatever the starts: 1 from their middle
  expect(modelsVary([[[0, 2], [2, 4]]], 1)?.metrics).toEqual({ spread: 1 });
});

test('bounds bind where every bounded variable is at one of its bounds, and of all frames', () => {
  const frames = [0, 9, 5, 20, 10, 20, 0, 20];
  expect(boundsBind(frames, [[0, 10], [0, 20]])?.metrics).toEqual({ share: 0.5 });
});

test('recordings are as redundant as nine of ten of their frames, and policies as supported as the least one', () => {
  expect(recordingsRedundant(Array.from({ length: 11 }, (_, i) => i))?.metrics).toEqual({ distance: 9 });
  expect(actionsWithoutSupport([0.9, 0.2, 0.7], true)?.metrics).toEqual({ share: 0.2 });
  const values = [0, 0, 0, 9];
  expect(modelsUnstable([{ name: 'a', recorded: [0, 1], values: [0, 0] }, { name: 'b', recorded: [0, 1], values }, { name: 'c', recorded: [0, 9], values }])?.metrics).toEqual({ share: 0.25 });
});

test('rollouts are judged from their first step on', () => {
  // three rollouts of two steps and two states, of which two count: state s at frame f of rollout r is 100 r + 10 f + s
  const states = [0, 1, 2].flatMap((rollout) => [0, 1, 2].flatMap((frame) => [0, 1].map((state) => 100 * rollout + 10 * frame + state)));
  expect([...promisedValues(states, 2, 2, 2, 1)]).toEqual([11, 21, 111, 121]);
});

test('gradients by hand: the median ratio, the share of the probe’s return that is lost', () => {
  const checks = [0.1, 0.2, 7].map((ratio) => check(0, ratio));
  const sign = diversityDominates(checks, [-1, -2], -3);
  expect(sign?.metrics['ratio']).toBeCloseTo(0.2, 12);
  expect([sign?.metrics['lost'], sign?.metrics['share']]).toEqual([1.5, 0.5]);
  // a probe that gets nothing is no reason to divide by 0
  expect(diversityDominates(checks, [0.01], 0)?.metrics['share']).toBe(0.01 / limit.dominanceLoss);
});

test('the nearest distance is that of all pairs, and 0 for a row that is there', () => {
  const rows = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 6, maxLength: 30 }).map((list) => Float64Array.from(list.slice(0, 3 * Math.floor(list.length / 3))));
  fc.assert(fc.property(rows, rows, (some, others) => {
    const all = (row: number) => Array.from({ length: others.length / 3 }, (_, other) => Math.hypot(...[0, 1, 2].map((i) => some[3 * row + i] - others[3 * other + i])) / Math.sqrt(3));
    nearestDistances(some, others, 3).forEach((distance, row) => expect(distance).toBeCloseTo(Math.min(...all(row)), 10));
    expect([...nearestDistances(some, some, 3)].every((distance) => distance === 0)).toBe(true);
  }));
});

describe('recordings of the 2D world', () => {
  const grid: SystemSettings = { kind: 'grid-2d', start: 'uniform' };
  const description = describeSystem(grid);
  const record = (behaviour: string, seeds: number[]) => recordEpisodes({ simulator: createSimulator(grid, seeds.length), controller: createScripted(grid, behaviour, 0), steps: 20, seeds, iteration: 0, policy: 0 });
  const batchOf = (episodes: ReturnType<typeof record>) => ({ stateNames: ['x', 'y'], actionNames: ['dx', 'dy'], episodes });
  const old = record('random', [1, 2, 3, 4]);
  const scales = fitScales(description, batchOf(old), { x: [0, 10], y: [0, 10] }, null);

  test('are redundant when they are the same again, and not when another policy acts', () => {
    expect(recordingsRedundant(distancesToRecordings(description, scales, ['x', 'y'], old, old))?.metrics['distance']).toBe(0);
    expect(recordingsRedundant(distancesToRecordings(description, scales, ['x', 'y'], old, record('straight-to-goal', [5, 6])))?.raised).toBe(false);
  });

  test('count from the frame after the start', () => {
    expect([...chosenFrames(batchOf(old.slice(0, 1)), ['y', 'x']).subarray(0, 2)]).toEqual([old[0].states[3], old[0].states[2]]);
    expect(chosenFrames(batchOf(old), ['x'])).toHaveLength(80);
  });
});

test('the table of thresholds in the documentation is that of the program', () => {
  const page = readFileSync(new URL('../../../../docs/health-signs.md', import.meta.url), 'utf8');
  for (const [name, { value, origin }] of Object.entries(healthThresholds)) expect(page).toContain(`| \`${name}\` | ${value} | ${origin} |`);
  for (const code of signCodes) expect(page).toContain(`| \`${code}\` |`);
});
