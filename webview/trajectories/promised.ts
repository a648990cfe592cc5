import type { IterationPair, PredictedTrajectory } from '../../src/messages/comparison';
import type { VariableView } from '../../src/messages/trajectories';

/** What the models predict for a policy, from the start that is most like an episode's. */
export interface Promised {
  readonly policy: number;
  readonly trajectory: PredictedTrajectory;
  /** from 1, and of how many */
  readonly start: number;
  readonly starts: number;
  /** how far the start is from the episode's, by variable in its unit; null: there is no episode to compare with */
  readonly apart: readonly { readonly name: string; readonly by: number }[] | null;
}

/**
 * The models were asked from a few recorded frames, never from where the deployed episodes began; so the nearest start is
 * taken, and how far away it is belongs beside it.
 * @param first values of the episode's first step; null: not recorded
 */
export function promisedFor(pairs: readonly IterationPair[], policy: number, first: Readonly<Record<string, number>> | null, variables: readonly VariableView[]): Promised | null {
  const trajectories = pairs.find((pair) => pair.policy === policy)?.predicted?.trajectories ?? [];
  if (trajectories.length === 0) return null;
  const scaleOf = (name: string): number => {
    const range = variables.find((variable) => variable.name === name)?.range;
    return range ? range[1] - range[0] || 1 : 1;
  };
  const apart = ({ states }: PredictedTrajectory): { name: string; by: number }[] => states.flatMap(({ name, after }) => {
    const [from, to] = [after.mean.at(0), first?.[name]];
    return from === undefined || from === null || to === undefined ? [] : [{ name, by: Math.abs(from - to) }];
  });
  const distance = (trajectory: PredictedTrajectory): number => Math.hypot(...apart(trajectory).map(({ name, by }) => by / scaleOf(name)));
  const best = first === null ? 0 : trajectories.reduce((near, one, index) => (distance(one) < distance(trajectories[near]) ? index : near), 0);
  return { policy, trajectory: trajectories[best], start: best + 1, starts: trajectories.length, apart: first === null ? null : apart(trajectories[best]) };
}
