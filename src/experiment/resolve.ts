import { resolveReward, resolveVariables, resolveRecordings } from './declared';
import { type CompleteFile, withDefaults } from './defaults';
import { describeExperiment } from './describeExperiment';
import type { BoundsSettings, DataSettings, DeploymentSettings, Experiment, SystemDescription, SystemSettings } from './experiment';
import type { ExperimentFile } from './schema';
import { isShipped, steeredVariables } from './systems';

/**
 * The experiment that a file stands for: defaults filled in, shorthands expanded. The file must have been validated;
 * nothing is checked here.
 */
export function resolveExperiment(file: ExperimentFile): Experiment {
  const complete = withDefaults(expandStarts(file));
  const system = expandSystem(complete.system);
  const variables = isShipped(system.kind) ? null : resolveVariables(file.variables ?? {});
  const reward = isShipped(system.kind) ? null : resolveReward(file.reward);
  const description = describeExperiment({ system, variables, reward });
  const bounds = expandBounds(complete.bounds);
  const { diversity, iterations, search } = complete;
  const everything = description.states.map((state) => state.name);
  const policies = { ...complete.policies, inputs: complete.policies.inputs ?? everything };
  return {
    ibrl: 1,
    name: complete.name,
    system,
    variables,
    data: expandData(file, complete),
    reward,
    bounds,
    safety: complete.safety,
    diversity: {
      measure: diversity.measure,
      over: diversity.over ?? comparedVariables(bounds, policies.inputs, description),
      weight: Array.isArray(diversity.weight) ? diversity.weight : new Array<number>(iterations).fill(diversity.weight),
      cap: diversity.cap,
    },
    policies,
    models: { ...complete.models, inputs: complete.models.inputs ?? everything, reward: complete.models.reward ?? description.reward.default },
    search: { ...search, starts: search.starts as Experiment['search']['starts'] },
    iterations,
    deployment: system.kind === 'plant' ? { ...unplayed, approval: complete.deployment.approval } : complete.deployment,
    seed: complete.seed,
  };
}

/** Nobody plays episodes of a plant: it is deployed to by people, and evaluated by the models. */
const unplayed: Omit<DeploymentSettings, 'approval'> = { episodes: 0, steps: 0, evaluate: 0, evaluateSteps: 0 };

function expandSystem(system: CompleteFile['system']): SystemSettings {
  if (system.kind !== 'program') return system;
  return { kind: 'program', command: system.command, timeoutSeconds: system.timeout };
}

function expandData(file: ExperimentFile, complete: CompleteFile): DataSettings {
  if (complete.system.kind === 'plant') return { generate: null, files: resolveRecordings(file) };
  return { generate: complete.data.generate, files: null };
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
  const states = description.states.filter((state) => state.source !== 'exogenous').map((state) => state.name);
  const bounded = states.filter((name) => Object.hasOwn(bounds.values, name));
  if (bounded.length > 0) return bounded;
  const seen = states.filter((name) => inputs.includes(name));
  return seen.length > 0 ? seen : steered.length > 0 ? steered : states;
}
