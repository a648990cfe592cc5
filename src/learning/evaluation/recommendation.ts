/**
 * Which policy to deploy, if only one may be: for now the one with the best return promised by the models. A promise
 * that is not a number is no candidate; ties go to the lower index.
 *
 * @param promised promised mean return, for each policy
 * @returns its index, or null when no policy promises anything
 */
export function recommendPolicy(promised: ArrayLike<number>): number | null {
  let best: number | null = null;
  for (let k = 0; k < promised.length; k++) {
    if (Number.isNaN(promised[k])) continue;
    if (best === null || promised[k] > promised[best]) best = k;
  }
  return best;
}
