import { config } from '@vscode/l10n';
import { describe, expect, test } from 'vitest';
import { fitScales } from '../../../src/learning/data/scaling';
import { meanChange, pairPolicies } from '../../../src/learning/diff/pairPolicies';
import { policyCard, policySubject } from '../../../src/learning/diff/policyCard';
import { policyDiff, writeDiff } from '../../../src/learning/diff/policyDiff';
import { recordedActions, sampleFrames } from '../../../src/learning/diff/sample';
import type { PolicyDefinition } from '../../../src/learning/policy/definition';
import { policyInputs } from '../../../src/learning/policy/definition';
import { initialiseNetwork } from '../../../src/learning/policy/initialise';
import { createPolicyController } from '../../../src/learning/policy/policyController';
import { Random } from '../../../src/learning/random';
import { boundConstraints } from '../../../src/learning/safety/bounds';
import { english, spoken } from '../../../src/sentence/sentence';
import { untranslatedWords } from '../../webview/pseudoLocale';
import { tank, tankBatch, tankEpisode } from '../tank';

const bounds = { level: [20, 80] } as const;
const batch = tankBatch([tankEpisode(40, 1), tankEpisode(7, 2), tankEpisode(60, 3)]);
const scales = fitScales(tank, batch, bounds, null);

function policy(seed: number): PolicyDefinition {
  return {
    network: initialiseNetwork([6, 5, 2], 'tanh', new Random(seed), 3),
    history: 3,
    states: batch.stateNames,
    inputs: policyInputs(['level', 'pump'], tank, scales),
    actions: tank.actions,
    constraints: boundConstraints(tank, bounds),
  };
}

const sample = sampleFrames(batch);
const [before, after] = [1, 2].map((seed) => recordedActions(createPolicyController(policy(seed)), batch, sample));

test('a small batch is sampled whole, a large one evenly and no more than the limit', () => {
  expect(sample.rows).toHaveLength(107);
  const few = sampleFrames(batch, 10);
  expect(few.rows).toHaveLength(10);
  const frames = Array.from(few.rows, (row, i) => [0, 40, 47][few.episodes[i]] + row);
  for (let i = 1; i < 10; i++) expect(Math.abs(frames[i] - frames[i - 1] - 10.7)).toBeLessThan(1);
  expect([frames[0], frames[9]], 'the middles of ten equal parts').toEqual([5, 101]);
});

test('a frame’s action does not depend on which other frames are sampled', () => {
  const few = sampleFrames(batch, 10);
  const actions = recordedActions(createPolicyController(policy(1)), batch, few);
  few.rows.forEach((row, i) => {
    const frame = [0, 40, 47][few.episodes[i]] + row;
    expect(actions.slice(i * 2, i * 2 + 2)).toEqual(before.slice(frame * 2, frame * 2 + 2));
  });
});

test('a policy differs from itself in nothing', () => {
  for (const { change } of policyDiff(tank, bounds, batch, sample, before, before).actions) expect(change).toEqual({ mean: 0, p50: 0, p90: 0, max: 0 });
});

test('the summary is that of the two columns', () => {
  const [pump] = policyDiff(tank, bounds, batch, sample, before, after).actions;
  const changes = pump.before.map((value, i) => Math.abs(pump.after[i] - value));
  expect(pump.change.mean).toBeCloseTo(changes.reduce((sum, change) => sum + change, 0) / 107, 5);
  expect(pump.change.max).toBeCloseTo(Math.max(...changes), 5);
  expect(pump.change.p50).toBeLessThanOrEqual(pump.change.p90);
});

describe('by hand, on eleven frames', () => {
  const still = tankBatch([{ ...tankEpisode(11, 1), states: Float64Array.from({ length: 33 }, (_, i) => (i % 3 === 0 ? 95 : 50)) }]);
  const eleven = sampleFrames(still);
  const actions = (pump: number, heater: (frame: number) => number) => Float64Array.from({ length: 22 }, (_, i) => (i % 2 === 0 ? pump : heater((i - 1) / 2)));
  const diff = policyDiff(tank, bounds, still, eleven, actions(2, () => 0.04), actions(-3, (frame) => 0.06 + 0.9 * frame));

  test('a change has its mean, median, nine in ten and largest', () => {
    const changes = Array.from({ length: 11 }, (_, frame) => 0.02 + 0.9 * frame);
    const { change } = diff.actions[1];
    [change.mean, change.p50, change.p90, change.max].forEach((value, i) => expect(value).toBeCloseTo([changes[5], changes[5], changes[9], changes[10]][i], 6));
  });

  test('an action is at an end of its range within half a percent of it', () => {
    expect(diff.actions.map(({ saturated }) => saturated)).toEqual([{ before: 1, after: 1 }, { before: 1, after: 0 }]);
  });

  test('a margin is that of the next value, which its physical range clips', () => {
    // 95 + 5 · 2 is clipped to 100, 20 above the bound; 95 − 5 · 3 is at it
    const [level] = diff.margins;
    expect([level.least.before, level.least.after]).toEqual([Math.fround(-1 / 3), 0].map((value) => expect.closeTo(value, 6) as number));
  });
});

test('margins of constrained policies are never negative where the recorded value is inside', () => {
  const [level] = policyDiff(tank, bounds, batch, sample, before, after).margins;
  expect(level.variable).toBe('level');
  for (const margin of [...level.before, ...level.after]) {
    expect(margin).toBeGreaterThanOrEqual(0);
    expect(margin).toBeLessThanOrEqual(0.5);
  }
});

test('support is the share of frames where every action dimension reaches its threshold', () => {
  const logDensities = (): Float64Array => Float64Array.from({ length: 2 * sample.rows.length }, (_, i) => (i % 2 === 0 ? 0 : sample.rows[(i - 1) / 2] < 7 ? 1 : -1));
  const diff = policyDiff(tank, bounds, batch, sample, before, after, { logDensities, threshold: [-1, 0] });
  expect(diff.support?.share.after).toBeCloseTo(21 / 107, 12);
  expect(diff.support?.before.slice(0, 8)).toEqual([1, 1, 1, 1, 1, 1, 1, -1]);
});

test('a diff is plain JSON, the same text for the same policies', () => {
  const text = writeDiff(policyDiff(tank, bounds, batch, sample, before, after));
  expect(text).toBe(writeDiff(policyDiff(tank, bounds, batch, sampleFrames(batch), before.slice(), after.slice())));
  expect(JSON.parse(text)).toEqual(policyDiff(tank, bounds, batch, sample, before, after));
});

test('a policy is paired with its parent, else with the one that changes least in shares of the ranges', () => {
  const ranges = tank.actions.map((action) => action.range);
  const [a, b, c] = [Float64Array.of(0, 5), Float64Array.of(2, 5), Float64Array.of(0, 6)];
  expect(meanChange(a, b, ranges)).toBe(0.25);
  // in units b and c are 2 and 1 away; in shares of the ranges 0.5 and 0.1
  expect(pairPolicies([a, a], [b, c], ranges, [0, null])).toEqual([0, 1]);
  expect(pairPolicies([a], [c, c], ranges, [null])).toEqual([0]);
});

test('the slew of an action is its distance from the recorded action that led to the frame', () => {
  const [pump] = policyDiff(tank, bounds, batch, sample, before, after).actions;
  const led = batch.episodes.flatMap((episode) => Array.from({ length: episode.frames }, (_, row) => episode.actions[row * 2]));
  const moves = led.map((value, i) => Math.abs(after[2 * i] - value));
  expect(pump.slew.after.max).toBeCloseTo(Math.max(...moves), 5);
  expect(pump.slew.after.mean).toBeCloseTo(moves.reduce((sum, move) => sum + move, 0) / moves.length, 5);
});

test('two cards of the same policy are equal, and a card names actuators, bounds, units and what the policy does', () => {
  const diff = policyDiff(tank, bounds, batch, sample, before, after);
  const subject = policySubject(policy(2), tank);
  const card = english(policyCard(subject, { side: 'after', diff, predicted: null }));
  expect(card).toBe(english(policyCard(subject, { side: 'after', diff, predicted: null })));
  for (const words of ['level: 20 to 80 cm, by pump', 'pump: -2 to 2 l, as fast as it likes', 'heater: mean', 'heater moves in a sample', 'level: nearest to a bound']) expect(card).toContain(words);
  expect(english(policyCard(subject))).not.toContain('recorded frames');
});

test('a card can be said in another language: no word of it is left, and its numbers are written as there', () => {
  const diff = policyDiff(tank, bounds, batch, sample, before, after);
  const estimate = { mean: -1234.5, spread: 0.25 };
  const predictedSide = { cost: estimate, return: estimate, margins: [{ variable: 'level', least: 0.1 }] };
  const predicted = { steps: 25, members: 2, starts: 16, before: predictedSide, after: predictedSide, improvement: estimate, trajectories: [] };
  const subject = policySubject(policy(2), tank);
  const card = policyCard(subject, { side: 'after', diff, predicted });
  expect(untranslatedWords(() => spoken(card), ['level', 'pump', 'heater', 'cm', 'tanh', ...tank.states.map(({ name }) => name)])).toEqual([]);
  config({ contents: { en: 'de', 'cost per step: {0}': 'Kosten je Schritt: {0}' } });
  expect(spoken(card)).toContain('  Kosten je Schritt: -1235, spread 0,25\n');
  config({ contents: {} });
  expect(spoken(card)).toBe(english(card));
  expect(english(card)).toContain('  cost per step: -1235, spread 0.25\n');
});

test('cards of two policies differ only where the policies do, line by line', () => {
  const diff = policyDiff(tank, bounds, batch, sample, before, after);
  const [a, b] = (['before', 'after'] as const).map((side, i) => english(policyCard(policySubject(policy(i + 1), tank), { side, diff, predicted: null })).split('\n'));
  expect(a).toHaveLength(b.length);
  expect(a.slice(0, 7)).toEqual(b.slice(0, 7));
  expect(a).not.toEqual(b);
});
