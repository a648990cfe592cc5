import { joined, type Sentence, sentence } from '../../sentence/sentence';
import { ensembleMean } from '../data/statistics';

/** Smallest share of the recorded frames at which a recommended policy's action has support. */
export const SUPPORT_NEEDED = 0.95;
/** So many spreads of the promised improvement are taken off its mean. */
export const SPREADS_OFF = 2;

/** What is known of a policy before anything is decided. */
export interface Candidate {
  /** 1 … K */
  readonly policy: number;
  /** promised, discounted, [members × starts] */
  readonly returns: ArrayLike<number>;
  /** predicted steps outside the bounds */
  readonly violations: number;
  /** share of the recorded frames at which its action has support in every dimension, 0 … 1 */
  readonly supported: number;
}

export type Verdict = 'candidate' | 'predicted-violation' | 'little-support' | 'no-sure-improvement' | 'not-a-number';

/** How a policy stands to the rule. */
export interface Judgement {
  readonly policy: number;
  /** of the return over β's, on the same models and starts; null: not a number */
  readonly improvement: { readonly mean: number; readonly spread: number } | null;
  /** mean − 2 · spread of it; null: not a number */
  readonly sureImprovement: number | null;
  readonly supported: number;
  readonly violations: number;
  /** the first condition that it fails, or none */
  readonly verdict: Verdict;
}

export interface Recommendation {
  /** 1 … K; null: keep the present controller */
  readonly policy: number | null;
  readonly reason: Sentence;
  readonly policies: readonly Judgement[];
}

/**
 * Which policy to deploy, if only one may be: the one with the largest
 *
 *     mean − 2 · spread of R_k − R_β,   R the promised return, on the same models and starts,
 *
 * (`ensembleMean`) among those without a predicted step outside the bounds and with support for at least 95 % of their
 * actions. If none of these is above 0, the present controller is to be kept. Ties go to the lower index.
 *
 * @param behaviour β's promised returns, [members × starts]
 * @throws RangeError when the returns are not those of so many members and starts
 */
export function recommendPolicy(candidates: readonly Candidate[], behaviour: ArrayLike<number>, members: number, starts: number): Recommendation {
  const policies = candidates.map((candidate) => judge(candidate, behaviour, members, starts));
  let best: Judgement | null = null;
  for (const policy of policies) {
    if (policy.verdict !== 'candidate') continue;
    if (best === null || (policy.sureImprovement ?? -Infinity) > (best.sureImprovement ?? -Infinity)) best = policy;
  }
  if (best === null) return { policy: null, reason: sentence('Keep the present controller: {0}.', joined(policies.map(whyNot), '; ')), policies };
  return { policy: best.policy, reason: sentence('Policy {0}: {1}, no predicted step outside the bounds, and support for {2} of its actions.', best.policy, promise(best), percent(best.supported)), policies };
}

function judge({ policy, returns, violations, supported }: Candidate, behaviour: ArrayLike<number>, members: number, starts: number): Judgement {
  if (behaviour.length !== returns.length) throw new RangeError(`Policy ${policy} has ${returns.length} promised returns, β has ${behaviour.length}.`);
  const { mean, spread } = ensembleMean(Array.from(returns, (value, i) => value - behaviour[i]), members, starts);
  const sure = mean - SPREADS_OFF * spread;
  const known = Number.isFinite(sure);
  const verdict = known ? verdictOn(sure, violations, supported) : 'not-a-number';
  return { policy, improvement: known ? { mean, spread } : null, sureImprovement: known ? sure : null, supported, violations, verdict };
}

function verdictOn(sure: number, violations: number, supported: number): Verdict {
  if (violations > 0) return 'predicted-violation';
  // the negation also catches a share that is not a number
  if (!(supported >= SUPPORT_NEEDED)) return 'little-support';
  return sure > 0 ? 'candidate' : 'no-sure-improvement';
}

function whyNot(judgement: Judgement): Sentence {
  const { policy, violations, supported, verdict } = judgement;
  switch (verdict) {
    case 'predicted-violation':
      return violations === 1 ? sentence('policy {0} leaves the bounds in 1 predicted step', policy) : sentence('policy {0} leaves the bounds in {1} predicted steps', policy, violations);
    case 'little-support':
      return sentence('policy {0} has support for {1} of its actions, and {2} are needed', policy, percent(supported), percent(SUPPORT_NEEDED));
    case 'no-sure-improvement':
      return sentence('policy {0} is not surely better ({1})', policy, promise(judgement));
    case 'not-a-number':
      return sentence('policy {0} has a promise that is not a number', policy);
    case 'candidate':
      return sentence('policy {0} could be taken', policy);
  }
}

function promise({ improvement }: Judgement): Sentence {
  if (improvement === null) return sentence('nothing promised');
  return sentence('promised return {0} against the present controller, give or take {1}', signed(improvement.mean), short(SPREADS_OFF * improvement.spread));
}

function signed(value: number): Sentence {
  return sentence(value > 0 ? '+{0}' : '{0}', short(value));
}

function short(value: number): number {
  return Number(value.toPrecision(3));
}

/** Rounded down, so that 94.99 % never reads as enough. */
function percent(share: number): Sentence {
  return sentence('{0} %', Math.floor(1000 * share + 1e-9) / 10);
}
