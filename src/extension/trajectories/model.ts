import { describeExperiment } from '../../experiment/describeExperiment';
import type { SystemDescription } from '../../experiment/experiment';
import type { TrajectoriesSelection, TrajectoriesView } from '../../messages/trajectories';
import { iterationFiles } from '../../run/paths';
import type { RunReader } from '../../run/reader';
import type { RunCache } from '../dashboard/runCache';
import { frozenExperiment } from '../frozenExperiment';
import { failureWords } from '../../run/spokenEvents';

/** What the experiment tells about its variables. */
export interface SystemPart {
  readonly variables: readonly { readonly name: string; readonly unit: string; readonly role: 'state' | 'action'; readonly range: readonly [number, number] }[];
  readonly bounds: Readonly<Record<string, readonly [number, number]>>;
  readonly map: TrajectoriesView['map'];
  readonly constrained: boolean;
}

/** Nothing is known where the experiment does not suit this version: the columns of the recording are shown all the same. */
export function systemPart(experimentText: string): SystemPart {
  const experiment = frozenExperiment(experimentText);
  if (experiment === null) return { variables: [], bounds: {}, map: null, constrained: false };
  const description = describeExperiment(experiment);
  return {
    variables: [
      ...description.states.map(({ name, unit, range }) => ({ name, unit, role: 'state' as const, range })),
      ...description.actions.map(({ name, unit, range }) => ({ name, unit, role: 'action' as const, range })),
    ],
    bounds: experiment.bounds.kind === 'values' ? experiment.bounds.values : {},
    map: mapOf(description),
    constrained: experiment.safety.constrain,
  };
}

/** A system of two states has a map; a reward like a bell in both has its goal on it. */
function mapOf({ states, reward: { formula } }: SystemDescription): TrajectoriesView['map'] {
  if (states.length !== 2) return null;
  const [x, y] = states.map(({ name }) => name);
  const goal = formula.kind === 'gaussian' && x in formula.centre && y in formula.centre ? { x: formula.centre[x], y: formula.centre[y], width: formula.width } : null;
  return { x, y, goal };
}

/** Iterations of which something can be shown. */
export function shownIterations(reader: RunReader): { readonly iteration: number; readonly recorded: boolean }[] {
  const found = [];
  for (let iteration = 1; iteration <= reader.description.iterations; iteration++) {
    const recorded = reader.has(iterationFiles.trajectories(iteration));
    if (recorded || reader.has(iterationFiles.diff(iteration))) found.push({ iteration, recorded });
  }
  return found;
}

/** On a map all policies, else the recommended one or the first. */
export function fullSelection({ run, iteration, policy }: TrajectoriesSelection, cache: RunCache, system: SystemPart): TrajectoriesView['selection'] {
  if (policy !== undefined) return { run, iteration, policy };
  const recommended = cache.predicted(iterationFiles.predicted(iteration), iteration)?.recommended ?? 1;
  return { run, iteration, policy: system.map === null ? recommended : 0 };
}

/** The variables of a recording, or of the experiment before there is one, with their bounds as resolved. */
export function variablesOf(system: SystemPart, recording: { readonly names: readonly string[]; readonly bounds: Readonly<Record<string, readonly [number, number]>> } | null): TrajectoriesView['variables'] {
  const bounds = { ...system.bounds, ...recording?.bounds };
  const names = recording?.names ?? system.variables.map(({ name }) => name);
  return names.map((name) => {
    const known = system.variables.find((variable) => variable.name === name);
    const own = Object.hasOwn(bounds, name) ? bounds[name] : null;
    return { name, unit: known?.unit ?? '', role: known?.role ?? (name === 'reward' ? 'reward' : 'state'), range: known === undefined ? null : [...known.range], bounds: own === null ? null : [...own] };
  });
}

/** Shares of the cells that were visited, from the evaluations. */
export function coverageOf(cache: RunCache, iteration: number): TrajectoriesView['coverage'] {
  const of = (one: number): number | null => (one < 1 ? null : (cache.evaluation(iterationFiles.evaluation(one), one)?.coverage ?? null));
  const now = of(iteration);
  return now === null ? null : { now, before: of(iteration - 1) };
}

/** What the run says, apart from its numbers. */
export function runPart({ reader }: RunCache, iteration: number): Pick<TrajectoriesView, 'state' | 'asOf' | 'failure' | 'decision' | 'policies' | 'predicted'> {
  return {
    state: reader.state(),
    asOf: reader.fold.asOf,
    failure: reader.fold.failure && failureWords(reader.fold.failure).message,
    decision: reader.fold.decisions.get(iteration)?.decision ?? null,
    policies: reader.description.policies,
    predicted: reader.fold.files.get(iterationFiles.diff(iteration))?.sha256 ?? null,
  };
}
