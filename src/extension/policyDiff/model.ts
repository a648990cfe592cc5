import { describeExperiment } from '../../experiment/describeExperiment';
import type { Absence, Against, PolicyDiffSelection, PolicyDiffView, RunChoice } from '../../messages/policyDiff';
import type { Predicted } from '../../run/contract';
import { iterationFiles } from '../../run/paths';
import type { RunReader } from '../../run/reader';
import type { RunCache } from '../dashboard/runCache';
import { frozenExperiment } from '../frozenExperiment';
import { failureWords } from '../../run/spokenEvents';

/** A selection with nothing left open. */
export type FullSelection = PolicyDiffView['selection'];

/** Iterations whose policies can be compared. */
export function iterationsOf(reader: RunReader): RunChoice['iterations'] {
  const { description } = reader;
  const found: RunChoice['iterations'] = [];
  for (let iteration = 1; iteration <= description.iterations; iteration++) {
    let policies = 0;
    while (reader.has(iterationFiles.policy(iteration, policies + 1))) policies++;
    if (policies > 0 && reader.has(iterationFiles.predicted(iteration))) found.push({ iteration, policies });
  }
  return found;
}

/** The recommended policy where none is named, else the first; beside its predecessor where nothing else is named. */
export function fullSelection(selection: PolicyDiffSelection, cache: RunCache): FullSelection {
  const { run, iteration } = selection;
  return { run, iteration, policy: selection.policy ?? predictedOf(cache, iteration)?.recommended ?? 1, against: selection.against ?? { kind: 'predecessor' } };
}

/** Where the comparison comes from. */
export type Source =
  /** a file of the run; `sha256` changes with it */
  | { readonly kind: 'iteration'; readonly path: string; readonly sha256: string }
  /** words for `ibrl` */
  | { readonly kind: 'command'; readonly words: readonly string[] }
  | { readonly kind: 'absent'; readonly reason: Absence };

/**
 * What an iteration's diff.json holds is read there; β in the first iteration is its predecessor. Every other pair is
 * made by the command line, which keeps it.
 */
export function sourceOf({ run, iteration, policy, against }: FullSelection, reader: RunReader): Source {
  const own = iterationsOf(reader).find((one) => one.iteration === iteration);
  if (own === undefined) return { kind: 'absent', reason: reader.has(iterationFiles.policy(iteration, 1)) ? 'not-predicted' : 'nothing-searched' };
  if (policy > own.policies) return { kind: 'absent', reason: 'no-such-policy' };
  const file = reader.fold.files.get(iterationFiles.diff(iteration));
  if (against.kind === 'predecessor' || (against.kind === 'behaviour' && iteration === 1)) {
    return file === undefined ? { kind: 'absent', reason: 'not-predicted' } : { kind: 'iteration', path: file.path, sha256: file.sha256 };
  }
  if (!reader.has(iterationFiles.models(iteration))) return { kind: 'absent', reason: 'no-models' };
  return { kind: 'command', words: ['diff', sideOf(against, run, iteration), `${run}:${iteration}/${policy}`, '--json'] };
}

function sideOf(against: Exclude<Against, { kind: 'predecessor' }>, run: string, iteration: number): string {
  return against.kind === 'behaviour' ? `${run}:${iteration}/behaviour` : `${against.run}:${against.iteration}/${against.policy}`;
}

/**
 * How far off the newest promise was that has been tried: of the same policy index, else over all. Promises about plants are
 * never tried by episodes.
 */
export function lastPromise(cache: RunCache, iteration: number, policy: number): PolicyDiffView['promise'] {
  for (let earlier = iteration - 1; earlier >= 1; earlier--) {
    const errors = promiseErrors(cache, earlier);
    if (errors.length === 0) continue;
    const own = errors.find((one) => one.policy === policy);
    if (own !== undefined) return { iteration: earlier, policy, error: own.real - own.promised };
    return { iteration: earlier, policy: null, error: errors.reduce((sum, one) => sum + one.real - one.promised, 0) / errors.length };
  }
  return null;
}

/** What the policy of this iteration really cost; null before that is known. */
export function deployedCost(cache: RunCache, iteration: number, policy: number): PolicyDiffView['deployed'] {
  const own = promiseErrors(cache, iteration).find((one) => one.policy === policy);
  return own === undefined ? null : { real: own.real, promised: own.promised };
}

interface TriedPromise {
  readonly policy: number;
  readonly real: number;
  readonly promised: number;
}

function promiseErrors(cache: RunCache, iteration: number): TriedPromise[] {
  const evaluation = cache.evaluation(iterationFiles.evaluation(iteration), iteration);
  const predicted = predictedOf(cache, iteration);
  if (evaluation === null || predicted === null || evaluation.by === 'models') return [];
  return evaluation.policies.flatMap(({ policy, costs }) => {
    const promise = predicted.policies.find((one) => one.policy === policy);
    return promise === undefined ? [] : [{ policy, real: mean(costs), promised: mean(promise.costs) }];
  });
}

function predictedOf(cache: RunCache, iteration: number): Predicted | null {
  return cache.predicted(iterationFiles.predicted(iteration), iteration);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Which states an actuator moves by a known constant; none where the experiment does not suit this version. */
export function effectsOf(experimentText: string): PolicyDiffView['effects'] {
  const experiment = frozenExperiment(experimentText);
  if (experiment === null) return [];
  return describeExperiment(experiment).states.flatMap(({ name, unit, next }) => (next?.kind === 'affine' ? [{ action: next.action, variable: name, unit, gain: next.gain }] : []));
}

/** Everything about the run that the page shows, apart from the comparison itself. */
export function runPart(cache: RunCache, selection: FullSelection): Pick<PolicyDiffView, 'state' | 'asOf' | 'failure' | 'awaiting' | 'decision' | 'newest' | 'recommended' | 'promise' | 'deployed'> {
  const { iteration, policy } = selection;
  const { reader } = cache;
  const state = reader.state();
  return {
    state,
    asOf: reader.fold.asOf,
    failure: reader.fold.failure && failureWords(reader.fold.failure).message,
    awaiting: state === 'awaiting-approval' && reader.fold.position?.iteration === iteration && !reader.fold.decisions.has(iteration),
    decision: reader.fold.decisions.get(iteration)?.decision ?? null,
    newest: iterationsOf(reader).at(-1)?.iteration ?? null,
    recommended: predictedOf(cache, iteration)?.recommended ?? null,
    promise: lastPromise(cache, iteration, policy),
    deployed: deployedCost(cache, iteration, policy),
  };
}
