import type { ActionVariable, SystemDescription } from '../../experiment/experiment';
import { sentence } from '../../sentence/sentence';
import type { Scales, VariableScale } from '../data/scaling';
import { columnScales, windowColumns } from '../data/window';
import type { BoundConstraint } from '../safety/bounds';
import type { Network } from './network';
import { parameterCount } from './network';
import { PolicyError } from './policyError';

/** One input of a policy's network in every frame of its history. */
export interface PolicyInput {
  /** a state, or the action that led to the frame */
  readonly source: 'state' | 'action';
  readonly scale: VariableScale;
}

/** Everything that decides what a policy does: the same numbers wherever it runs. Plain data. */
export interface PolicyDefinition {
  /** inputs: history × inputs, newest frame first; outputs: one for each action, before tanh */
  readonly network: Network;
  /** frames, including the present one */
  readonly history: number;
  /** the columns of the states that `act` receives */
  readonly states: readonly string[];
  readonly inputs: readonly PolicyInput[];
  readonly actions: readonly ActionVariable[];
  /** empty: only the actions' ranges and largest changes limit the policy */
  readonly constraints: readonly BoundConstraint[];
}

/**
 * The inputs of a policy, named in the experiment file, with the run's scales.
 * @throws DataError `unknown-column`
 */
export function policyInputs(names: readonly string[], description: SystemDescription, scales: Pick<Scales, 'states' | 'actions'>): PolicyInput[] {
  const columns = windowColumns(names, description.states.map((state) => state.name), description.actions.map((action) => action.name));
  const ofColumns = columnScales(columns, scales);
  return columns.map((column, i) => ({ source: column.source, scale: ofColumns[i] }));
}

/** @throws PolicyError `bad-value` when sizes and names do not fit together */
export function checkDefinition(definition: PolicyDefinition): void {
  const { network, history, inputs, actions, states } = definition;
  const inside = history * inputs.length;
  if (!Number.isInteger(history) || history < 1) throw new PolicyError('bad-value', sentence('A policy sees at least one frame, not {0}.', history));
  if (network.sizes.length < 2 || network.sizes[0] !== inside || network.sizes[network.sizes.length - 1] !== actions.length) {
    throw new PolicyError('bad-value', sentence("The network's sizes are {0}, but {1} frames of {2} inputs and {3} actions need {4}, …, {5}.", network.sizes.join(', '), history, inputs.length, actions.length, inside, actions.length));
  }
  if (network.parameters.length !== parameterCount(network.sizes)) {
    throw new PolicyError('bad-value', sentence('A network of sizes {0} has {1} parameters, not {2}.', network.sizes.join(', '), parameterCount(network.sizes), network.parameters.length));
  }
  for (const input of inputs) {
    const known = input.source === 'state' ? states : actions.map((action) => action.name);
    if (!known.includes(input.scale.name)) throw new PolicyError('bad-value', sentence('The input {0} is not among {1}.', input.scale.name, known.join(', ')));
    if (!Number.isFinite(input.scale.middle) || !Number.isFinite(input.scale.unit) || input.scale.unit === 0) {
      throw new PolicyError('bad-value', sentence('The input {0} has no usable scale: middle and unit must be numbers, and the unit not 0.', input.scale.name));
    }
  }
}
