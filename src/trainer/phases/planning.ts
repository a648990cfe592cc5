import type { RolloutPlan } from '../../learning/search/rolloutProgram';
import type { IterationContext } from '../context';
import type { Models } from './modelsFile';

/** The plan of an experiment's rollouts, but for what search and prediction each decide. */
export function rolloutPlan({ experiment, description, frame, iteration }: Pick<IterationContext, 'experiment' | 'description' | 'frame' | 'iteration'>, models: Models): Omit<RolloutPlan, 'starts' | 'trainable' | 'horizon' | 'members' | 'pessimism' | 'terms'> {
  const { policies, models: settings, safety } = experiment;
  const { behaviour, members } = models;
  if (iteration < 1) throw new RangeError('iterations are counted from 1');
  return {
    description,
    scales: frame.scales,
    constraints: frame.constraints,
    bounds: frame.bounds,
    policy: { sizes: [policies.history * policies.inputs.length, ...policies.hidden, description.actions.length], inputs: policies.inputs, history: policies.history, activation: 'tanh' },
    model: { sizes: members[0].network.sizes, inputs: settings.inputs, history: settings.history, activation: members[0].network.activation, targets: members[0].targets, known: members[0].known },
    behaviour: { sizes: behaviour.network.sizes, activation: behaviour.network.activation, logDelta: behaviour.logDelta, clip: safety.soft.clip },
    reward: settings.reward,
    count: policies.count,
    policies: policies.count + 1,
  };
}
