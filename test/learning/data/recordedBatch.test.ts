import { describe, expect, test } from 'vitest';
import type { SystemDescription } from '../../../src/experiment/experiment';
import { parseFormula } from '../../../src/experiment/formula';
import { recordedBatch } from '../../../src/learning/data/recordedBatch';
import { fitScales, recordedRewardScale } from '../../../src/learning/data/scaling';
import { tank, tankBatch, tankEpisode } from '../tank';

/** level, flow | valve; a formula of the new state, the action and both before. */
function plant(formula: string | null): SystemDescription {
  const { value } = parseFormula(formula ?? '0', { names: null, previous: true });
  if (value === null) throw new Error('not a formula');
  const state = { unit: '1', range: [0, 10] as const, predict: 'change' as const, logFloor: null, next: null };
  return {
    kind: 'plant', behaviours: ['do-nothing'],
    states: [{ ...state, name: 'level', source: 'learned' }, { ...state, name: 'flow', source: 'exogenous' }],
    actions: [{ name: 'valve', unit: '1', range: [0, 10], maxChange: null }],
    reward: { scale: null, default: 'learned', formula: formula === null ? { kind: 'column', name: 'r' } : { kind: 'expression', expression: value } },
  };
}

describe('a recording as an episode', () => {
  const rows = [[1, 10, 4], [2, 20, 5], [4, 30, 7]];

  test('moves actions on to the frame that they led to, and holds the first before it', () => {
    const [episode] = recordedBatch(plant('-level'), [{ values: Float64Array.from(rows.flat()) }], 2, 1).episodes;
    expect(episode).toMatchObject({ iteration: 2, policy: 1, frames: 3 });
    expect([...episode.states]).toEqual([1, 10, 2, 20, 4, 30]);
    expect([...episode.actions]).toEqual([4, 4, 5]);
  });

  test('is rewarded by the formula of the new state, the action and what was before', () => {
    const text = '100 * level + 10 * (level - previous.level) + valve - previous.valve + flow / 1000';
    const [episode] = recordedBatch(plant(text), [{ values: Float64Array.from(rows.flat()) }], 0, 0).episodes;
    expect([...episode.rewards]).toEqual([0, 200 + 10 + 0 + 0.02, 400 + 20 + 1 + 0.03]);
  });

  test('is rewarded by a column of its own row', () => {
    const [episode] = recordedBatch(plant(null), [{ values: Float64Array.from(rows.flatMap((row, i) => [...row, i + 0.5])) }], 0, 0).episodes;
    expect([...episode.rewards]).toEqual([0, 1.5, 2.5]);
    expect([...episode.states]).toEqual([1, 10, 2, 20, 4, 30]);
  });
});

describe('the scale of recorded rewards', () => {
  const withRewards = (...rewards: number[]) => tankBatch([{ ...tankEpisode(rewards.length + 1, 1), rewards: Float64Array.from([0, ...rewards]) }]);

  test('is the larger of mean size and standard deviation, without the first frame', () => {
    expect(recordedRewardScale(withRewards(-10, -12))).toBe(11);
    expect(recordedRewardScale(withRewards(0, 0, 0, 8))).toBeCloseTo(Math.sqrt(12), 12);
    expect(recordedRewardScale(withRewards(0, 0))).toBe(1);
  });

  test('serves only where neither the file nor the system has one', () => {
    const batch = withRewards(-10, -12);
    const unknown = { ...tank, reward: { ...tank.reward, scale: null } };
    expect([fitScales(tank, batch, {}, null).reward, fitScales(unknown, batch, {}, null).reward, fitScales(unknown, batch, {}, 5).reward]).toEqual([3, 11, 5]);
  });
});
