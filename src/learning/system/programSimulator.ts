import type { SystemDescription } from '../../experiment/experiment';
import { sentence } from '../../sentence/sentence';
import { checkActions, checkSeeds } from './checks';
import type { LineChannel, ProgramColumns } from './programProtocol';
import { agreeOnColumns, copyNumbers, ProgramConversation } from './programProtocol';
import type { Simulator } from './simulator';

/** The reward of a step by the experiment's formula. @param out [episodes] */
export type RewardOfStep = (states: Float64Array, actions: Float64Array, previousStates: Float64Array, out: Float64Array) => void;

/**
 * A simulated plant that is a program of the user's, asked over a line channel: describe once, then reset and step for
 * all episodes together. One program serves any number of simulators, one after the other: whichever was reset last
 * may step.
 */
export class ProgramSystem {
  private readonly conversation: ProgramConversation;
  private readonly columns: ProgramColumns;
  private resetLast: Simulator | null = null;

  /**
   * Asks the program to describe itself.
   * @param rewardOfStep the experiment's own formula; null: the program tells rewards
   * @throws SimulatorProgramError, `program-disagrees` unless names, units and ranges are the experiment's
   */
  constructor(private readonly description: SystemDescription, channel: LineChannel, private readonly rewardOfStep: RewardOfStep | null) {
    this.conversation = new ProgramConversation(channel);
    this.columns = agreeOnColumns(description, this.conversation.ask({ do: 'describe', ibrl: 1 }), this.conversation);
  }

  /** @param episodes number of episodes that are stepped together, at least 1 */
  simulator(episodes: number): Simulator {
    if (!Number.isInteger(episodes) || episodes < 1) throw new RangeError(`A simulator needs one episode at least, not ${episodes}.`);
    const { description, conversation, columns, rewardOfStep } = this;
    const [stateCount, actionCount] = [description.states.length, description.actions.length];
    const states = new Float64Array(episodes * stateCount);
    const previous = new Float64Array(states.length);
    const applied = new Float64Array(episodes * actionCount);
    const rewards = new Float64Array(episodes);
    const rewardOrder = Int32Array.from({ length: episodes }, (_, episode) => episode);
    const message: number[][] = Array.from({ length: episodes }, () => new Array<number>(actionCount).fill(0));

    const readStates = (told: unknown): void => {
      if (!Array.isArray(told) || told.length !== episodes) throw conversation.failure('program-nonsense', sentence('The simulator program must answer with "states", a list with one row for each of {0} episodes.', episodes));
      for (let episode = 0; episode < episodes; episode++) copyNumbers(told[episode], columns.states, states, episode * stateCount, 'states', conversation);
    };

    const simulator: Simulator = {
      description, episodes, states, rewards,
      reset: (seeds) => {
        checkSeeds(seeds, episodes);
        // from 0 on: many generators take a negative seed for its absolute value
        readStates(conversation.ask({ do: 'reset', seeds: Array.from({ length: episodes }, (_, episode) => seeds[episode] >>> 0) })['states']);
        rewards.fill(0);
        this.resetLast = simulator;
      },
      step: (actions) => {
        checkActions(actions, applied.length);
        if (this.resetLast !== simulator) throw new RangeError('Reset this simulator before it steps: its program serves another one.');
        for (let i = 0; i < applied.length; i++) {
          const [low, high] = description.actions[i % actionCount].range;
          applied[i] = Math.min(high, Math.max(low, actions[i]));
          message[Math.floor(i / actionCount)][columns.actions[i % actionCount]] = applied[i];
        }
        const answer = conversation.ask({ do: 'step', actions: message });
        previous.set(states);
        readStates(answer['states']);
        if (rewardOfStep === null) copyNumbers(answer['rewards'], rewardOrder, rewards, 0, 'rewards', conversation);
        else rewardOfStep(states, applied, previous, rewards);
      },
    };
    return simulator;
  }
}
