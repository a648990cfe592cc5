import { type Sentence, sentence, verbatim } from '../../../sentence/sentence';
import { mean, percentile } from '../../data/statistics';
import { type HealthSign, percent, short, signOf } from './sign';
import { healthThresholds as limit } from './thresholds';

/** Gradients of the weighted terms of the loss, each alone, at one moment of a search. */
export interface GradientCheck {
  /** norm, by term */
  readonly norms: Readonly<Record<string, number>>;
  /** of the angle between two terms’ gradients, in [−1, 1], by “term term” */
  readonly cosines: Readonly<Record<string, number>>;
}

/**
 * Two terms of the loss whose gradients point against each other: mean cosine over the given checks, of the pair where it is
 * least. A pair counts only where the smaller gradient has some weight beside the larger one.
 *
 * Only checks from the first half of a search belong here: where a weighted sum is at its optimum the gradients of its
 * terms cancel, so every search that converges ends at a cosine of −1.
 *
 * @returns null without two terms or without checks
 */
export function termsInConflict(checks: readonly GradientCheck[]): HealthSign | null {
  let worst: { readonly pair: string; readonly cosine: number; readonly ratio: number } | null = null;
  for (const pair of Object.keys(checks[0]?.cosines ?? {})) {
    const [first, second] = pair.split(' ');
    const cosine = mean(checks.map(({ cosines }) => cosines[pair]));
    const ratio = mean(checks.map(({ norms }) => smallerShare(norms[first], norms[second])));
    if (!(ratio >= limit.conflictRatio.value) || !Number.isFinite(cosine)) continue;
    if (worst === null || cosine < worst.cosine) worst = { pair, cosine, ratio };
  }
  if (worst === null) return null;
  const [first, second] = worst.pair.split(' ');
  return signOf(
    'terms-in-conflict', worst.cosine <= limit.conflictCosine.value, { cosine: worst.cosine, ratio: worst.ratio },
    sentence('Two terms of the loss, {0} and {1}, pull the policies in opposite directions (mean cosine of their gradients {2} in the first half of the search), so much of each update is lost. Lower the weight of the one that matters less ({3}), or widen what the other allows.', termName(first), termName(second), short(worst.cosine), weightOf(first, second)),
  );
}

/**
 * Diversity takes the search over: its weighted gradient is the larger one, and the policies pay for it with return that the
 * probe, searched without diversity on the same models, does get.
 *
 * @param checks    as for `termsInConflict`
 * @param policies  L_R of each deployed policy at the end of the search, in reward scales per step
 * @param probe     that of the probe
 * @returns null where the loss has no diversity
 */
export function diversityDominates(checks: readonly GradientCheck[], policies: readonly number[], probe: number): HealthSign | null {
  const ratios = checks.flatMap(({ norms }) => ('diversity' in norms && norms['return'] > 0 ? [norms['diversity'] / norms['return']] : []));
  if (ratios.length === 0 || policies.length === 0) return null;
  const ratio = percentile(ratios, 50);
  const lost = mean(policies) - probe;
  const share = lost / Math.max(Math.abs(probe), limit.dominanceLoss.value);
  return signOf(
    'diversity-dominates', ratio >= limit.dominanceRatio.value && lost >= limit.dominanceLoss.value && share >= limit.dominanceShare.value, { ratio, lost, share },
    sentence('Diversity outweighs return: its gradient is {0} times as large, and the policies reach {1} less than the probe, which was searched without it. Lower diversity.weight to a third, or set diversity.cap.', short(ratio), percent(share)),
  );
}

function smallerShare(a: number, b: number): number {
  const larger = Math.max(a, b);
  return larger > 0 ? Math.min(a, b) / larger : 0;
}

const termNames: Readonly<Record<string, Sentence>> = {
  return: sentence('return'), objective: sentence('distance to behaviour'), soft: sentence('safety'), violation: sentence('violation'), diversity: sentence('diversity'),
};

function termName(term: string): Sentence {
  return Object.hasOwn(termNames, term) ? termNames[term] : verbatim(term);
}

/** The setting that weighs the second of two terms, or the first where the second is the return. */
function weightOf(first: string, second: string): string {
  const term = second === 'return' ? first : second;
  return term === 'diversity' ? 'diversity.weight' : `safety.${term}.weight`;
}
