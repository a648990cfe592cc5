import type { ActionVariable, SystemDescription, SystemSettings } from '../../../experiment/experiment';
import { describeSystem } from '../../../experiment/systems';
import type { Controller } from '../../policy/controller';
import { driveTowards, hold, shiftOscillator } from './benchmark';
import { doNothing } from './doNothing';
import { withExploration } from './exploration';
import { nearerTarget, straightToGoal } from './grid';
import { optimized } from './optimized';
import { uniformRandom } from './uniformRandom';

type Make = (actions: readonly ActionVariable[]) => Controller;

const gridPolicies: Readonly<Record<string, Make>> = {
  'do-nothing': doNothing,
  random: uniformRandom,
  'nearer-target': nearerTarget,
  'straight-to-goal': straightToGoal,
};

const benchmarkPolicies: Readonly<Record<string, Make>> = {
  'do-nothing': doNothing,
  random: uniformRandom,
  hold: () => hold(),
  bad: () => driveTowards(100),
  mediocre: () => driveTowards(25),
  optimized,
  'shift-oscillator': shiftOscillator,
};

/** What can be played on any system. */
const commonPolicies: Readonly<Record<string, Make>> = { 'do-nothing': doNothing, random: uniformRandom };

/** The system has no scripted policy of this name. */
export class UnknownPolicyError extends Error {
  readonly code = 'unknown-scripted-policy';

  constructor(
    readonly policy: string,
    readonly known: readonly string[],
    kind: string,
  ) {
    super(`${kind} has no scripted policy "${policy}". Choose one of: ${known.join(', ')}.`);
    this.name = 'UnknownPolicyError';
  }
}

/**
 * A scripted policy of a system.
 *
 * @param epsilon probability of a uniform action instead, 0 … 1
 * @param description of a system that the experiment itself describes
 * @throws UnknownPolicyError when the system does not offer the name, RangeError when epsilon is no probability
 */
export function createScripted(settings: SystemSettings, name: string, epsilon: number, description: SystemDescription = describeSystem(settings)): Controller {
  const policies = settings.kind === 'grid-2d' ? gridPolicies : settings.kind === 'industrial-benchmark' ? benchmarkPolicies : commonPolicies;
  if (!description.behaviours.includes(name) || !Object.hasOwn(policies, name)) {
    throw new UnknownPolicyError(name, description.behaviours, settings.kind);
  }
  const controller = policies[name](description.actions);
  return epsilon === 0 ? controller : withExploration(controller, description.actions, epsilon);
}
