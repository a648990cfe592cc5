import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ensembleMean } from '../../../src/learning/data/statistics';
import { type Candidate, recommendPolicy } from '../../../src/learning/evaluation/recommendation';
import { english, spoken } from '../../../src/sentence/sentence';
import { untranslatedWords } from '../../webview/pseudoLocale';

const candidate = (policy: number, returns: readonly number[], rest: Partial<Candidate> = {}): Candidate => ({ policy, returns, violations: 0, supported: 1, ...rest });

describe('mean and spread over an ensemble', () => {
  test('are those computed by hand', () => {
    // members' means 2 and 4: variance 2; starts' means 1, 5: variance 8, over 2 starts
    const { mean, spread } = ensembleMean([0, 4, 2, 6], 2, 2);
    expect(mean).toBe(3);
    expect(spread).toBeCloseTo(Math.sqrt(2 + 4), 12);
  });

  test('the members’ part does not shrink with their number, the starts’ part does', () => {
    const alternating = (count: number) => Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(ensembleMean(alternating(1000), 1000, 1).spread).toBeCloseTo(1, 2);
    expect(ensembleMean(alternating(1000), 1, 1000).spread).toBeCloseTo(0, 1);
  });

  test('values that are not members × starts are refused', () => {
    expect(() => ensembleMean([1, 2, 3], 2, 2)).toThrow(RangeError);
  });
});

describe('the recommended policy', () => {
  test('has the largest mean − 2 · spread of improvement, not the largest promise', () => {
    const wild = candidate(1, [20, 0, 20, 0]);
    const sure = candidate(2, [3, 3, 3.1, 3.1]);
    const { policy, reason } = recommendPolicy([wild, sure], [1, 1, 1, 1], 4, 1);
    expect(policy).toBe(2);
    expect(english(reason)).toBe('Policy 2: promised return +2.05 against the present controller, give or take 0.115, no predicted step outside the bounds, and support for 100 % of its actions.');
    expect(untranslatedWords(() => spoken(reason), [])).toEqual([]);
  });

  test('what two policies share with β from hard and easy starts is no spread of theirs', () => {
    const behaviour = [-100, 100];
    expect(recommendPolicy([candidate(1, [-99, 101])], behaviour, 1, 2).policies[0]).toMatchObject({ improvement: { mean: 1, spread: 0 }, verdict: 'candidate' });
  });

  test('keeps the bounds in every predicted step, has support for 95 % of its actions and is surely better than β', () => {
    const policies = [candidate(1, [9, 9], { violations: 1 }), candidate(2, [9, 9], { supported: 0.949 }), candidate(3, [0, 0]), candidate(4, [Number.NaN, 0])];
    const { policy, reason, policies: judged } = recommendPolicy(policies, [0, 0], 2, 1);
    expect(policy).toBeNull();
    expect(judged.map(({ verdict }) => verdict)).toEqual(['predicted-violation', 'little-support', 'no-sure-improvement', 'not-a-number']);
    expect(untranslatedWords(() => spoken(reason), [])).toEqual([]);
    expect(english(reason)).toMatch(/^Keep the present controller: policy 1 leaves the bounds in 1 predicted step; policy 2 has support for 94.9 % of its actions, and 95 % are needed; policy 3 is not surely better/);
    expect(recommendPolicy([...policies, candidate(5, [0.1, 0.1], { supported: 0.95 })], [0, 0], 2, 1).policy).toBe(5);
  });

  test('of two that are equally good is the first', () => {
    expect(recommendPolicy([candidate(1, [1]), candidate(2, [1])], [0], 1, 1).policy).toBe(1);
  });

  test('is never one that fails a condition, and none that passes beats it', () => {
    const member = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 6, maxLength: 6 });
    const any = fc.record({ returns: member, violations: fc.nat(2), supported: fc.double({ min: 0.9, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), member, (drawn, behaviour) => {
        const { policy, policies } = recommendPolicy(drawn.map((one, i) => ({ policy: i + 1, ...one })), behaviour, 3, 2);
        const passing = policies.filter(({ violations, supported, sureImprovement }) => violations === 0 && supported >= 0.95 && (sureImprovement ?? -1) > 0);
        const best = Math.max(...passing.map(({ sureImprovement }) => sureImprovement ?? 0));
        expect(policy).toBe(passing.find(({ sureImprovement }) => sureImprovement === best)?.policy ?? null);
      }),
    );
  });
});
