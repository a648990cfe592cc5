import { affineInOneAction } from './affine';
import type { ActionVariable, DeclaredKind, DeclaredVariables, Experiment, RewardFormula, RewardSettings, StateVariable, SystemDescription } from './experiment';
import type { Expression } from './expression';
import { describeSystemOfKind, isShipped } from './systems';

/**
 * What is known of an experiment's system before any recording: of a shipped simulator by itself, of a plant or a
 * program by the variables and the reward that the file declares. Disturbances come after the states.
 */
export function describeExperiment({ system, variables, reward }: Pick<Experiment, 'system' | 'variables' | 'reward'>): SystemDescription {
  return isShipped(system.kind) ? describeSystemOfKind(system.kind) : describeDeclared(system.kind, variables ?? {}, reward);
}

function describeDeclared(kind: DeclaredKind, variables: DeclaredVariables, reward: RewardSettings | null): SystemDescription {
  const declared = Object.entries(variables);
  const actions = declared.flatMap(([name, variable]): ActionVariable[] =>
    variable.role === 'action' ? [{ name, unit: variable.unit, range: variable.range, maxChange: variable.maxChange }] : [],
  );
  const actionNames = new Set(actions.map(({ name }) => name));
  const states = declared.flatMap(([name, variable]): StateVariable[] => {
    if (variable.role !== 'state') return [];
    const { next, ...rest } = variable;
    return [{ name, unit: rest.unit, range: rest.range, source: next ? 'known' : 'learned', predict: rest.predict, logFloor: rest.logFloor, next: next && nextValue(next.expression, name, actionNames) }];
  });
  const exogenous = declared.flatMap(([name, { role, unit, range }]): StateVariable[] =>
    role === 'exogenous' ? [{ name, unit, range, source: 'exogenous', predict: 'value', logFloor: null, next: null }] : [],
  );
  return {
    kind,
    states: [...states, ...exogenous],
    actions,
    behaviours: kind === 'program' ? ['do-nothing', 'random'] : ['do-nothing'],
    reward: { scale: null, formula: rewardFormula(reward), default: reward?.kind === 'formula' ? 'formula' : 'learned' },
  };
}

/** The simplest form of a formula: an affine one can be held within bounds exactly. */
function nextValue(expression: Expression, own: string, actions: ReadonlySet<string>): StateVariable['next'] {
  if (expression.kind === 'variable' && expression.name === own) return { kind: 'constant' };
  const affine = affineInOneAction(expression, own, actions);
  return affine && affine.offset === 0 ? { kind: 'affine', action: affine.action, gain: affine.gain, clip: false } : { kind: 'formula', expression };
}

function rewardFormula(reward: RewardSettings | null): RewardFormula {
  if (reward === null) return { kind: 'told' };
  return reward.kind === 'formula' ? { kind: 'expression', expression: reward.expression } : { kind: 'column', name: reward.column };
}
