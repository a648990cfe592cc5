import { expect, test } from 'vitest';
import type { SystemDescription } from '../../src/experiment/experiment';
import type { Batch } from '../../src/learning/data/batch';
import { spoken } from '../../src/sentence/sentence';
import { doubtsAbout, doubtsBeside } from '../../src/trainer/recordingDoubts';

/** A valve, valve′ = valve + turn, that stops at the ends of its range. */
const valve: SystemDescription = {
  kind: 'program',
  states: [{ name: 'valve', unit: '%', range: [0, 100], source: 'known', predict: 'change', logFloor: null, next: { kind: 'affine', action: 'turn', gain: 1, clip: false } }],
  actions: [{ name: 'turn', unit: '%', range: [-10, 10], maxChange: null }],
  behaviours: ['random'],
  reward: { scale: null, formula: { kind: 'told' }, default: 'learned' },
};

/** Turned up for 30 steps from 40 %, then down. @param gain what a turn really does */
function played(gain: number, stop = 100): Batch {
  const frames = 61;
  const actions = Float64Array.from({ length: frames }, (_, t) => (t <= 30 ? 5 : -3));
  const states = new Float64Array(frames).fill(40);
  for (let t = 1; t < frames; t++) states[t] = Math.min(stop, states[t - 1] + gain * actions[t]);
  return { stateNames: ['valve'], actionNames: ['turn'], episodes: [{ iteration: 0, policy: 0, frames, states, actions, rewards: new Float64Array(frames) }] };
}

test('a simulator program that does not do what a formula says is doubted; one that stops at its end is not', () => {
  expect(doubtsAbout(valve, played(1), null)).toEqual([]);
  const [doubt, ...more] = doubtsAbout(valve, played(0.7), null);
  expect(more).toEqual([]);
  expect(doubt.code).toBe('formula-misses');
  expect(spoken(doubt.said)).toMatch(/formula of valve misses the recordings by [\d.]+ % a row.* Correct the formula or the simulator program/);
});

test('a simulator program that leaves a range is doubted', () => {
  const [doubt] = doubtsAbout(valve, played(1, 120), null).filter(({ code }) => code === 'outside-range');
  expect(spoken(doubt.said)).toMatch(/takes valve outside its range \[0, 100\] % in \d+ steps of the first recordings, farthest to 120\./);
});

test('new recordings are doubted when they repeat more than a tenth of their transitions, and where a variable was never before', () => {
  const codes = (before: Batch, now: Batch): string[] => doubtsBeside(valve, before.episodes, now).map(({ code }) => code);
  const [all] = played(1).episodes;
  const part = (from: number, to: number, plus = 0): Batch => ({ ...played(1), episodes: [{ ...all, frames: to - from, states: all.states.slice(from, to).map((value) => value + plus), actions: all.actions.slice(from, to), rewards: all.rewards.slice(from, to) }] });
  expect(codes(part(0, 40), part(39, 61)), 'what follows').toEqual([]);
  expect(codes(part(0, 40), part(37, 61)), '2 of 23').toEqual([]);
  expect(codes(part(0, 40), part(36, 61)), '3 of 24').toEqual(['recorded-before']);
  expect(codes(part(0, 5), part(0, 5, 20)), 'it reaches what was there').toEqual([]);
  expect(spoken(doubtsBeside(valve, part(0, 5).episodes, part(0, 5, 20.2))[0].said)).toBe('valve is 60.2 to 80.2 % in these recordings, but was 40 to 60 % in all before. Check its unit and its column; if both are right, the models know nothing of it there.');
});

test('of very many new transitions a sample is looked for, with their share', () => {
  const wandering = (frames: number, from: number): Batch['episodes'][number] => ({ iteration: 0, policy: 0, frames, states: Float64Array.from({ length: frames }, (_, t) => 50 + 40 * Math.sin(from + t)), actions: new Float64Array(frames), rewards: new Float64Array(frames) });
  const before = [wandering(90_001, 0)];
  const now = (repeated: number): Batch => ({ ...played(1), episodes: [wandering(repeated, 0), wandering(50_002 - repeated, 1e6)] });
  const [doubt] = doubtsBeside(valve, before, now(10_001));
  expect(doubt.code).toBe('recorded-before');
  expect(doubt.metrics['transitions']).toBeLessThanOrEqual(20_000);
  expect(doubt.metrics['again'] / doubt.metrics['transitions']).toBeCloseTo(0.2, 2);
  expect(doubtsBeside(valve, before, now(4_001))).toEqual([]);
});
