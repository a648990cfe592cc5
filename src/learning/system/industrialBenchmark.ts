import type { SystemDescription } from '../../experiment/experiment';
import { Random } from '../random';
import { RandomDraws } from './benchmarkDraws';
import { at, observedCount, rowSize } from './benchmarkState';
import type { SetpointProcess } from './benchmarkStep';
import { beginBenchmark, stepBenchmark } from './benchmarkStep';
import { checkActions, checkSeeds } from './checks';
import type { Simulator } from './simulator';

/** The Industrial Benchmark (arXiv 1709.09480) for many episodes at a time. */
export class IndustrialBenchmark implements Simulator {
  readonly states: Float64Array;
  readonly rewards: Float64Array;
  private readonly rows: Float64Array;
  private readonly draws: RandomDraws[] = [];

  /**
   * @param setpoint 0 … 100, in percent; with a varying process only the value before an episode's first step
   * @throws RangeError when the setpoint is outside 0 … 100
   */
  constructor(
    readonly description: SystemDescription,
    readonly episodes: number,
    private readonly setpoint: number,
    private readonly process: SetpointProcess,
  ) {
    if (!(setpoint >= 0 && setpoint <= 100)) throw new RangeError(`The setpoint must be between 0 and 100, not ${setpoint}.`);
    this.rows = new Float64Array(episodes * rowSize);
    this.states = new Float64Array(episodes * observedCount);
    this.rewards = new Float64Array(episodes);
  }

  reset(seeds: ArrayLike<number>): void {
    checkSeeds(seeds, this.episodes);
    this.draws.length = 0;
    for (let episode = 0; episode < this.episodes; episode++) {
      const draws = new RandomDraws(new Random(seeds[episode]).fork('industrial-benchmark'));
      this.draws.push(draws);
      beginBenchmark(this.rows, episode * rowSize, this.setpoint, this.process, draws);
      this.observe(episode);
    }
    this.rewards.fill(0);
  }

  step(actions: ArrayLike<number>): void {
    checkActions(actions, this.episodes * 3);
    for (let episode = 0; episode < this.episodes; episode++) {
      const row = episode * rowSize;
      const action = episode * 3;
      stepBenchmark(this.rows, row, actions[action], actions[action + 1], actions[action + 2], this.process, this.draws[episode]);
      this.observe(episode);
      this.rewards[episode] = this.rows[row + at.reward];
    }
  }

  /** Latent fatigue of one episode, the larger of both: 5 is saturated. */
  latentFatigue(episode: number): number {
    const row = episode * rowSize;
    return Math.max(this.rows[row + at.hiddenVelocity], this.rows[row + at.hiddenGain]);
  }

  private observe(episode: number): void {
    const row = episode * rowSize;
    for (let i = 0; i < observedCount; i++) this.states[episode * observedCount + i] = this.rows[row + i];
  }
}
