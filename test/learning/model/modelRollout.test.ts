import { afterAll, describe, expect, test } from 'vitest';
import type { Expression } from '../../../src/experiment/expression';
import { describeSystem } from '../../../src/experiment/systems';
import type { Episode } from '../../../src/learning/data/batch';
import { fromScaled } from '../../../src/learning/data/scaling';
import type { Engine } from '../../../src/learning/engine/engine';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { ModelRollout } from '../../../src/learning/model/modelRollout';
import { policyInputs } from '../../../src/learning/policy/definition';
import { Random } from '../../../src/learning/random';
import { drawStarts } from '../../../src/learning/search/starts';
import { wasmEngine } from '../engine/engines';
import { BENCHMARK, GRID, makeRollout, opened, type Rollout } from '../search/rollouts';

const wasm = wasmEngine();
afterAll(() => wasm.dispose());

const SEED = 5;
const benchmark = describeSystem(BENCHMARK);
const exogenousFatigue = { ...benchmark, states: benchmark.states.map((state) => (state.name === 'fatigue' ? { ...state, source: 'exogenous' as const } : state)) };

/** setpoint + 2 steerGain · tanh(gain / 100): of the values before the step and the action */
const variable = (name: string): Expression => ({ kind: 'variable', name, previous: false });
const binary = (operator: '+' | '*' | '/', left: Expression, right: Expression): Expression => ({ kind: 'binary', operator, left, right });
const number = (value: number): Expression => ({ kind: 'number', value });
const moving = binary('+', variable('setpoint'), binary('*', binary('*', number(2), variable('steerGain')), { kind: 'call', function: 'tanh', of: binary('/', variable('gain'), number(100)) }));
const movingSetpoint = { ...benchmark, states: benchmark.states.map((state) => (state.name === 'setpoint' ? { ...state, next: { kind: 'formula' as const, expression: moving } } : state)) };
const plan = { trainable: false, horizon: 30 };
const withSteering = makeRollout(GRID, SEED).plan.model;
const withSetpoint = makeRollout(BENCHMARK, SEED).plan.model;

const variants: readonly [string, Rollout][] = [
  ['grid-2d, the reward learned', makeRollout(GRID, SEED, plan)],
  ['grid-2d, unconstrained', makeRollout(GRID, SEED, { ...plan, constraints: [] })],
  ['industrial-benchmark', makeRollout(BENCHMARK, SEED, plan)],
  ['an exogenous variable', makeRollout(BENCHMARK, SEED, { ...plan, description: exogenousFatigue, reward: 'formula' })],
  ['a formula that is an input', makeRollout(BENCHMARK, SEED, { ...plan, description: movingSetpoint, model: { ...withSetpoint, inputs: ['velocity', 'setpoint'], known: ['velocity', 'setpoint'], sizes: [5 * 2 + 3 + 2, 12, withSetpoint.targets.length] } })],
  ['past actions among the inputs', makeRollout(GRID, SEED, { ...plan, model: { ...withSteering, inputs: ['x', 'dx', 'y', 'dy'], sizes: [5 * 4 + 2, 12, withSteering.targets.length] } })],
];

describe.each(variants)('with the actions of an engine’s rollout from the same start, the states are those of the engine: %s', (_, rollout) => {
  test.each([['reference', () => new ReferenceEngine()], ['wasm', () => wasm]] as const)('%s', (_name, engine: () => Engine) => {
    const { plan: rolled, batch, members } = rollout;
    const { description, scales, horizon, starts } = rolled;
    const execution = opened(engine(), rollout);
    execution.run('forward');
    const series = (name: string, rows: number) => {
      const values = execution.readSeries(name);
      return (member: number, step: number, row: number, start: number) => values[((member * (horizon + 1) + step) * rows + row) * starts + start];
    };
    const states = series('states', description.states.length);
    const actions = series('last action', description.actions.length);
    const rewards = series('reward', 1);
    const drawn = drawStarts(batch, starts, { from: 'rows', firstShare: 0.2 }, new Random(SEED).fork('networks').fork('starts'));

    let compared = 0;
    members.forEach((network, member) => {
      const { inputs, history, targets, known } = rolled.model;
      const model = { network, history, inputs: policyInputs(inputs, description, scales), actions: description.actions.map((action) => action.name), known, targets };
      const own = new ModelRollout({ description, scales, constraints: rolled.constraints }, model, horizon);
      for (let start = 0; start < starts; start++) {
        // cells are policies × members: the first policy's are the first ones
        const row = drawn.rows[start];
        const episode = continued(batch.episodes[drawn.episodes[start]], row, horizon, (step, i) => fromScaled(scales.actions[i], actions(member, step, i, start)));
        own.run(episode, row, horizon);
        for (let step = 0; step <= horizon; step++) {
          for (let i = 0; i < description.states.length; i++) {
            expect(Math.abs(own.states[step * description.states.length + i] - states(member, step, i, start))).toBeLessThan(1e-4);
            compared++;
          }
          if (rolled.reward === 'learned' && step > 0) expect(Math.abs(own.rewards[step] - rewards(member, step, 0, start))).toBeLessThan(1e-4);
        }
      }
    });
    expect(compared).toBe(members.length * starts * (horizon + 1) * description.states.length);
    execution.dispose();
  });
});

test('a rollout longer than the recorded actions is refused', () => {
  const { plan: rolled, batch, members } = makeRollout(GRID, SEED);
  const { inputs, history, targets, known } = rolled.model;
  const { description, scales } = rolled;
  const model = { network: members[0], history, inputs: policyInputs(inputs, description, scales), actions: ['dx', 'dy'], known, targets };
  const rollout = new ModelRollout({ description, scales, constraints: [] }, model, 20);
  expect(() => rollout.run(batch.episodes[0], batch.episodes[0].frames - 20, 20)).toThrow(RangeError);
  expect(() => rollout.run(batch.episodes[0], 0, 21)).toThrow(RangeError);
});

/** An episode up to a row, then with other actions; states behind its end stay as they are. */
function continued(episode: Episode, row: number, steps: number, action: (step: number, i: number) => number): Episode {
  const frames = row + steps + 1;
  const [width, actionCount] = [episode.states.length / episode.frames, episode.actions.length / episode.frames];
  const states = Float64Array.from({ length: frames * width }, (_, at) => episode.states[Math.min(Math.floor(at / width), episode.frames - 1) * width + (at % width)]);
  const actions = Float64Array.from({ length: frames * actionCount }, (_, at) => {
    const step = Math.floor(at / actionCount) - row;
    return step > 0 ? action(step, at % actionCount) : episode.actions[at];
  });
  return { ...episode, frames, states, actions, rewards: new Float64Array(frames) };
}
