import type { SystemDescription } from '../../experiment/experiment';
import { Random } from '../random';
import { checkActions, checkSeeds } from './checks';
import type { Simulator } from './simulator';

/** Where an episode may begin: [low, high] of x and of y. */
const startBoxes = {
  uniform: { x: [0, 10], y: [0, 10] },
  corner: { x: [5, 10], y: [0, 5] },
  far: { x: [6, 10], y: [6, 10] },
} as const;

/** Name of a start box. */
export type GridStart = keyof typeof startBoxes;

/** Where the reward is largest. */
export const gridGoal = { x: 3, y: 6 } as const;

/** Standard deviation of the reward's bell around the goal. */
const goalWidth = 1.5;

/**
 * The 2D world: a point that moves by its action, s′ = s + a, with reward exp(−‖s′ − goal‖² / (2 · 1.5²)). No noise,
 * no walls: leaving [0, 10]² is possible, and what bounds are for. Only the start is random.
 */
export class Grid2d implements Simulator {
  readonly states: Float64Array;
  readonly rewards: Float64Array;

  constructor(
    readonly description: SystemDescription,
    readonly episodes: number,
    private readonly start: GridStart,
  ) {
    this.states = new Float64Array(episodes * 2);
    this.rewards = new Float64Array(episodes);
  }

  reset(seeds: ArrayLike<number>): void {
    checkSeeds(seeds, this.episodes);
    const box = startBoxes[this.start];
    for (let episode = 0; episode < this.episodes; episode++) {
      const random = new Random(seeds[episode]).fork('grid-2d');
      this.states[2 * episode] = random.uniform(box.x[0], box.x[1]);
      this.states[2 * episode + 1] = random.uniform(box.y[0], box.y[1]);
    }
    this.rewards.fill(0);
  }

  step(actions: ArrayLike<number>): void {
    checkActions(actions, this.states.length);
    for (let i = 0; i < this.states.length; i++) this.states[i] += Math.min(1, Math.max(-1, actions[i]));
    for (let episode = 0; episode < this.episodes; episode++) {
      const x = this.states[2 * episode] - gridGoal.x;
      const y = this.states[2 * episode + 1] - gridGoal.y;
      this.rewards[episode] = Math.exp(-(x * x + y * y) / (2 * goalWidth * goalWidth));
    }
  }
}
