import { withDefaults } from './defaults';
import type { BoundsSettings, Experiment, SystemDescription } from './experiment';
import type { ExperimentFile } from './schema';
import { describeSystem, steeredVariables } from './systems';

/**
 * The experiment that a file stands for: defaults filled in, shorthands expanded. The file must have been validated;
 * nothing is checked here.
 */
export function resolveExperiment(file: ExperimentFile): Experiment {
  const complete = withDefaults(expandStarts(file));
  const description = describeSystem(complete.system);
  const bounds = expandBounds(complete.bounds);
  const { diversity, iterations, policies, search } = complete;
  return {
    ibrl: 1,
    name: complete.name,
    system: complete.system,
    data: complete.data,
    bounds,
    safety: complete.safety,
    diversity: {
      measure: diversity.measure,
      over: diversity.over ?? comparedVariables(bounds, policies.inputs, description),
      weight: Array.isArray(diversity.weight) ? diversity.weight : new Array<number>(iterations).fill(diversity.weight),
      cap: diversity.cap,
    },
    policies,
    models: complete.models,
    search: { ...search, starts: search.starts as Experiment['search']['starts'] },
    iterations,
    deployment: complete.deployment,
    seed: complete.seed,
  };
}

/** A bare number of starts is their count; origin and share keep their defaults. */
function expandStarts(file: ExperimentFile): ExperimentFile {
  const starts = file.search?.starts;
  return typeof starts === 'number' ? { ...file, search: { ...file.search, starts: { count: starts } } } : file;
}

function expandBounds(bounds: NonNullable<ExperimentFile['bounds']>): BoundsSettings {
  const { percentiles } = bounds;
  return 'percentiles' in bounds && percentiles ? { kind: 'percentiles', percentiles } : { kind: 'values', values: { ...(bounds as Record<string, [number, number]>) } };
}

/** What diversity compares when the file does not say: the bounded states, else the states that the policies see, else all that are steered. */
function comparedVariables(bounds: BoundsSettings, inputs: readonly string[], description: SystemDescription): string[] {
  const steered = steeredVariables(description);
  if (bounds.kind === 'percentiles') return steered;
  const states = description.states.map((state) => state.name);
  const bounded = states.filter((name) => Object.hasOwn(bounds.values, name));
  if (bounded.length > 0) return bounded;
  const seen = states.filter((name) => inputs.includes(name));
  return seen.length > 0 ? seen : steered;
}
