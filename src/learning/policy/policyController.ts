import { sentence } from '../../sentence/sentence';
import { toScaled } from '../data/scaling';
import { createActionLimits, limitActions } from '../safety/actionLimits';
import type { Controller } from './controller';
import type { PolicyDefinition, PolicyInput } from './definition';
import { checkDefinition } from './definition';
import { createForward } from './forward';
import { PolicyError } from './policyError';

/** A searched policy, running. */
export interface PolicyController extends Controller {
  readonly definition: PolicyDefinition;
  /** actions since the last reset for which limits left nothing and a bound had to be broken */
  readonly infeasible: number;
  /** Takes a frame into the history as `act` does, and chooses nothing. */
  watch(states: Float64Array, previous: Float64Array): void;
}

/**
 * The one controller, wherever it runs: network, limits and history, in float64 with float32 weights. Every episode has
 * its history; before its first frame that frame is repeated, with the do-nothing action that `act` gets as `previous`.
 *
 * `act` throws SafetyError or PolicyError `bad-number` when a state, a previous action or an output is not finite, and
 * RangeError when the arrays do not have the size that `reset` announced.
 *
 * @throws PolicyError `bad-value`, SafetyError for constraints that mean nothing
 */
export function createPolicyController(definition: PolicyDefinition): PolicyController {
  return new NetworkController(definition);
}

class NetworkController implements PolicyController {
  infeasible = 0;
  private readonly forward;
  private readonly limits;
  /** columns of the inputs in the states or the previous actions */
  private readonly columns: Int32Array;
  private readonly raw: Float64Array;
  /** [episodes × history × inputs], newest frame first */
  private windows = new Float64Array(0);
  private episodes = 0;
  private started = false;

  constructor(readonly definition: PolicyDefinition) {
    checkDefinition(definition);
    this.forward = createForward(definition.network);
    this.limits = createActionLimits(definition.states, definition.actions, definition.constraints);
    const actionNames = definition.actions.map((action) => action.name);
    this.columns = Int32Array.from(definition.inputs, ({ source, scale }) => (source === 'state' ? definition.states : actionNames).indexOf(scale.name));
    this.raw = new Float64Array(definition.actions.length);
  }

  reset(episodes: number): void {
    this.episodes = episodes;
    this.started = false;
    this.infeasible = 0;
    const size = episodes * this.definition.network.sizes[0];
    if (this.windows.length !== size) this.windows = new Float64Array(size);
  }

  watch(states: Float64Array, previous: Float64Array): void {
    const stateCount = this.definition.states.length;
    const actionCount = this.definition.actions.length;
    if (states.length !== this.episodes * stateCount || previous.length !== this.episodes * actionCount) {
      throw new RangeError(`${this.episodes} episodes of ${stateCount} states and ${actionCount} actions were announced: pass arrays of that size, or reset first.`);
    }
    const size = this.definition.network.sizes[0];
    for (let episode = 0; episode < this.episodes; episode++) this.remember(episode * size, size, states, episode * stateCount, previous, episode * actionCount);
    this.started = true;
  }

  act(states: Float64Array, previous: Float64Array, actions: Float64Array): void {
    if (actions.length !== previous.length) throw new RangeError(`${previous.length} actions were taken before: pass as large an array for the next ones.`);
    this.watch(states, previous);
    const stateCount = this.definition.states.length;
    const actionCount = this.definition.actions.length;
    const size = this.definition.network.sizes[0];
    for (let episode = 0; episode < this.episodes; episode++) {
      this.forward(this.windows, episode * size, this.raw, 0);
      this.infeasible += limitActions(this.limits, states, episode * stateCount, previous, episode * actionCount, this.raw, 0, actions, episode * actionCount);
    }
  }

  /** Moves the history one frame back and puts the present frame in front. */
  private remember(window: number, size: number, states: Float64Array, state: number, previous: Float64Array, action: number): void {
    const inputs = this.definition.inputs;
    const width = inputs.length;
    if (this.started) this.windows.copyWithin(window + width, window, window + size - width);
    for (let i = 0; i < width; i++) {
      const value = inputs[i].source === 'state' ? states[state + this.columns[i]] : previous[action + this.columns[i]];
      if (!Number.isFinite(value)) refuse(inputs[i], value);
      this.windows[window + i] = toScaled(inputs[i].scale, value);
    }
    if (!this.started) {
      for (let at = window + width; at < window + size; at++) this.windows[at] = this.windows[at - width];
    }
  }
}

function refuse(input: PolicyInput, value: number): never {
  throw new PolicyError('bad-number', sentence("The policy's input {0} is {1}: check the measurement, and keep the plant at its last action.", input.scale.name, value));
}
