import type { Controller } from '../../policy/controller';
import { gridGoal } from '../grid2d';

/** What the 2D world's recorded behaviour walks to; neither is the rewarding goal. */
const targets = [
  { x: 2.5, y: 2.5 },
  { x: 7.5, y: 7.5 },
] as const;

/**
 * The 2D world's behaviour: walk to the nearer of two targets, in a straight line of equal steps: a = d / m with
 * d = target − s, m = max(1, ⌈|d_x|⌉, ⌈|d_y|⌉). Ties go to the first target.
 */
export function nearerTarget(): Controller {
  return {
    reset() {},
    act(states, _previous, actions) {
      for (let i = 0; i < states.length; i += 2) {
        const target = squaredDistance(states, i, targets[1]) < squaredDistance(states, i, targets[0]) ? targets[1] : targets[0];
        const x = target.x - states[i];
        const y = target.y - states[i + 1];
        const steps = Math.max(1, Math.ceil(Math.abs(x)), Math.ceil(Math.abs(y)));
        actions[i] = x / steps;
        actions[i + 1] = y / steps;
      }
    },
  };
}

/** Walks to the goal at full speed along each axis: a practical ceiling for the 2D world. */
export function straightToGoal(): Controller {
  return {
    reset() {},
    act(states, _previous, actions) {
      for (let i = 0; i < states.length; i += 2) {
        actions[i] = clip(gridGoal.x - states[i]);
        actions[i + 1] = clip(gridGoal.y - states[i + 1]);
      }
    },
  };
}

function squaredDistance(states: Float64Array, i: number, target: { readonly x: number; readonly y: number }): number {
  const x = target.x - states[i];
  const y = target.y - states[i + 1];
  return x * x + y * y;
}

function clip(action: number): number {
  return Math.min(1, Math.max(-1, action));
}
