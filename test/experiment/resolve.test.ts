import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeExperiment } from '../../src/experiment/describeExperiment';
import type { Experiment } from '../../src/experiment/experiment';
import { resolveExperiment } from '../../src/experiment/resolve';
import { closestWord, editDistance } from '../../src/experiment/suggestions';
import { describeSystemOfKind, shippedKinds, steeredVariables } from '../../src/experiment/systems';
import { validateExperiment } from '../../src/experiment/validate';

function read(text: string): Experiment {
  const { experiment, findings } = validateExperiment(text);
  if (!experiment) throw new Error(findings.map((finding) => finding.message).join('\n'));
  return experiment;
}

const example = (name: string) => read(readFileSync(join(import.meta.dirname, `../../examples/${name}.ibrl.yaml`), 'utf8'));

test('two lines are a complete 2D experiment', () => {
  expect(read('ibrl: 1\nsystem: { kind: grid-2d }\n')).toEqual({
    ibrl: 1,
    name: 'Unnamed experiment',
    system: { kind: 'grid-2d', start: 'uniform' },
    variables: null,
    data: { generate: { behaviour: 'nearer-target', epsilon: 0.1, episodes: 20, steps: 25 }, files: null },
    reward: null,
    bounds: { kind: 'values', values: { x: [0, 10], y: [0, 10] } },
    safety: { constrain: true, soft: { quantile: 0.05, logDensity: null, weight: 0, clip: 20 }, objective: { weight: 0 }, violation: { weight: 0 } },
    diversity: { measure: 'min-lsed', over: ['x', 'y'], weight: [0.01, 0.01, 0.01, 0.01], cap: null },
    policies: { count: 4, hidden: [32, 32], history: 1, inputs: ['x', 'y'], warmStart: true, replaceWorst: 0 },
    models: {
      members: 4, hidden: [24, 24], history: 1, inputs: ['x', 'y'], updates: 1000, laterUpdates: 1000, batch: 100, learningRate: 0.005,
      holdout: 0.1, patience: 1000, bootstrap: true, warmStart: true, reward: 'learned', rewardWeight: 4, rewardScale: null,
    },
    search: {
      horizon: 25, discount: 0.99, starts: { count: 16, from: 'first', firstShare: 0.1 }, members: 'all', pessimism: 'none',
      updates: 300, learningRate: 0.005, clip: 1,
    },
    iterations: 4,
    deployment: { approval: 'automatic', episodes: 1, steps: 25, evaluate: 100, evaluateSteps: 25 },
    seed: 1,
  });
});

test('two lines are a complete experiment on the Industrial Benchmark, with defaults of its own', () => {
  const { bounds, deployment, diversity, models, policies, search, system } = read('ibrl: 1\nsystem: { kind: industrial-benchmark }\n');
  expect(system).toEqual({ kind: 'industrial-benchmark', setpoint: 70, setpointProcess: 'fixed' });
  expect(bounds).toEqual({ kind: 'percentiles', percentiles: [5, 95] });
  expect(diversity).toMatchObject({ over: ['velocity', 'gain', 'shift'], weight: [0, 0, 0, 0] });
  expect(models).toMatchObject({ members: 3, hidden: [48, 48], history: 20, updates: 3000, laterUpdates: 2000, batch: 256, reward: 'formula' });
  expect(policies).toMatchObject({ history: 12, inputs: ['velocity', 'gain', 'shift'] });
  expect(search).toMatchObject({ horizon: 50, discount: 1, starts: { count: 12, from: 'rows', firstShare: 0.1 }, updates: 250 });
  expect(deployment).toMatchObject({ steps: 1000, evaluate: 20, evaluateSteps: 1000 });
});

test('a bare number of starts is their count', () => {
  const head = 'ibrl: 1\nsystem: { kind: industrial-benchmark }\n';
  expect(read(`${head}search: { starts: 7 }\n`).search).toEqual(read(`${head}search: { starts: { count: 7 } }\n`).search);
});

test('one diversity weight counts for every iteration, a list for its own', () => {
  const head = 'ibrl: 1\nsystem: { kind: grid-2d }\niterations: 3\n';
  expect(read(`${head}diversity: { weight: 0.2 }\n`).diversity.weight).toEqual([0.2, 0.2, 0.2]);
  expect(read(`${head}diversity: { weight: [0.2, 0.1, 0] }\n`).diversity.weight).toEqual([0.2, 0.1, 0]);
});

test('diversity compares the bounded variables, or else the states that the policies see', () => {
  const head = 'ibrl: 1\nsystem: { kind: industrial-benchmark }\n';
  expect(read(`${head}bounds: { shift: [40, 90], velocity: [30, 50] }\n`).diversity.over).toEqual(['velocity', 'shift']);
  expect(read(`${head}bounds: {}\npolicies: { inputs: [gain, steerGain] }\n`).diversity.over).toEqual(['gain']);
  expect(read(`${head}bounds: {}\npolicies: { inputs: [steerGain] }\n`).diversity.over).toEqual(['velocity', 'gain', 'shift']);
});

test('a resolved experiment, written as a file, resolves to itself', () => {
  for (const experiment of [example('grid-2d'), example('industrial-benchmark')]) {
    const { bounds, data, reward: _reward, variables: _variables, ...rest } = experiment;
    const file = { ...rest, data: { generate: data.generate }, bounds: bounds.kind === 'values' ? bounds.values : { percentiles: bounds.percentiles } };
    expect(read(JSON.stringify(file))).toEqual(experiment);
  }
});

test('every setting of the file reaches the experiment', () => {
  const changed = read(JSON.stringify({
    ibrl: 1, name: 'All', system: { kind: 'industrial-benchmark', setpoint: 1, setpointProcess: 'varying' },
    data: { generate: { behaviour: 'bad', epsilon: 0.7, episodes: 9, steps: 99 } },
    bounds: { gain: [1, 2] },
    safety: { constrain: false, soft: { quantile: 0.3, logDensity: -4, weight: 2, clip: 3 }, objective: { weight: 4 }, violation: { weight: 5 } },
    diversity: { measure: 'lsed', over: ['gain', 'fatigue'], weight: [1, 2], cap: 3 },
    policies: { count: 2, hidden: [5], history: 6, inputs: ['setpoint'], warmStart: false, replaceWorst: 1 },
    models: {
      members: 5, hidden: [6], history: 7, inputs: ['setpoint', 'steerGain'], updates: 8, laterUpdates: 9, batch: 10, learningRate: 0.5, holdout: 0.25,
      patience: 11, bootstrap: false, warmStart: false, reward: 'learned', rewardWeight: 12, rewardScale: 13,
    },
    search: { horizon: 14, discount: 0.5, starts: { count: 15, from: 'first', firstShare: 0.75 }, members: 'one', pessimism: 'none', updates: 16, learningRate: 0.25, clip: 17 },
    iterations: 2, deployment: { approval: 'manual', episodes: 18, steps: 19, evaluate: 23, evaluateSteps: 21 }, seed: 22,
  }));
  const standard = read('ibrl: 1\nsystem: { kind: industrial-benchmark }\n');
  const unchanged = leaves(changed).filter(([path, value]) => leaves(standard).some(([other, same]) => other === path && same === value));
  expect(unchanged.map(([path]) => path)).toEqual(['ibrl', 'system.kind', 'variables', 'data.files', 'reward', 'search.pessimism']);
});

function leaves(value: unknown, path = ''): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, path === '' ? key : `${path}.${key}`));
}

test('the examples are what their description promises', () => {
  expect(example('grid-2d')).toMatchObject({ system: { start: 'far' }, data: { generate: { episodes: 20 } }, diversity: { measure: 'min-lsed' } });
  expect(example('industrial-benchmark')).toMatchObject({
    data: { generate: { behaviour: 'optimized', epsilon: 0.4, episodes: 5 } },
    bounds: { kind: 'values', values: { velocity: [30, 50], gain: [40, 85], shift: [40, 90] } },
    search: { members: 'all', updates: 250 },
  });
});

test('defaults are never shared between experiments', () => {
  const first = resolveExperiment({ ibrl: 1, system: { kind: 'grid-2d' } });
  (first.policies.hidden as number[])[0] = 99;
  expect(resolveExperiment({ ibrl: 1, system: { kind: 'grid-2d' } }).policies.hidden[0]).toBe(32);
});

test('descriptions agree with themselves: steered variables name an action, learned ones no formula that the models need', () => {
  for (const kind of shippedKinds) {
    const { actions, behaviours, states } = describeSystemOfKind(kind);
    expect(behaviours[0]).toBe('do-nothing');
    expect(new Set([...states, ...actions].map((variable) => variable.name)).size).toBe(states.length + actions.length);
    for (const { next, range, source } of states) {
      expect(range[0]).toBeLessThan(range[1]);
      if (source === 'known') expect(next).not.toBeNull();
      if (next?.kind === 'affine') expect(actions.map((action) => action.name)).toContain(next.action);
    }
  }
  expect(steeredVariables(describeSystemOfKind('industrial-benchmark'))).toEqual(['velocity', 'gain', 'shift']);
});

const tank = `ibrl: 1
system: { kind: plant }
variables:
  inflow: { role: exogenous, unit: l/s, range: [0, 5] }
  level: { role: state, unit: m, range: [0, 2], next: level + 0.1 * valve }
  heat: { role: state, range: [0, 100], predict: value, logFloor: 0.5 }
  sum: { role: state, range: [0, 100], next: sum + inflow - valve }
  same: { role: state, range: [0, 1], next: same }
  valve: { role: action, unit: '%', range: [-1, 1], maxChange: 0.2 }
data: { files: [a.csv], columns: { level: LT 101 }, samplingTime: 10, time: t, episodes: { gap: 60 }, where: mode == 1 }
reward: -(level - 1)^2 - abs(valve - previous.valve)
`;

test('a plant is described by its variables: states before disturbances, formulas in their simplest form', () => {
  const { actions, kind, reward, states } = describeExperiment(read(tank));
  expect(kind).toBe('plant');
  expect(states.map(({ name, next, source }) => [name, source, next?.kind ?? null])).toEqual([
    ['level', 'known', 'affine'], ['heat', 'learned', null], ['sum', 'known', 'formula'], ['same', 'known', 'constant'], ['inflow', 'exogenous', null],
  ]);
  expect(states[0].next).toEqual({ kind: 'affine', action: 'valve', gain: 0.1, clip: false });
  expect(states[1]).toMatchObject({ unit: '1', predict: 'value', logFloor: 0.5 });
  expect(actions).toEqual([{ name: 'valve', unit: '%', range: [-1, 1], maxChange: 0.2 }]);
  expect(reward).toMatchObject({ scale: null, formula: { kind: 'expression' }, default: 'formula' });
});

test('a plant sees everything it measures, waits for approval and plays no episodes', () => {
  const { data, deployment, models, policies } = read(tank);
  expect(policies.inputs).toEqual(['level', 'heat', 'sum', 'same', 'inflow']);
  expect(models).toMatchObject({ inputs: policies.inputs, reward: 'formula' });
  expect(deployment).toEqual({ approval: 'manual', episodes: 0, steps: 0, evaluate: 0, evaluateSteps: 0 });
  expect(data).toEqual({
    generate: null,
    files: {
      files: ['a.csv'], columns: { inflow: 'inflow', level: 'LT 101', heat: 'heat', sum: 'sum', same: 'same', valve: 'valve' }, time: 't', samplingTime: 10,
      episodes: { kind: 'gap', gap: 60 },
      where: { text: 'mode == 1', condition: { kind: 'comparison', operator: '==', left: { kind: 'variable', name: 'mode', previous: false }, right: { kind: 'number', value: 1 } } },
    },
  });
});

test('a recorded reward, and one that a program tells, are learned', () => {
  const recorded = read(tank.replace(/^reward: .*$/m, 'reward: { column: r }'));
  expect(recorded.models.reward).toBe('learned');
  expect(describeExperiment(recorded).reward.formula).toEqual({ kind: 'column', name: 'r' });
  const told = read('ibrl: 1\nsystem: { kind: program, command: [python3, tank.py], timeout: 3 }\nvariables: { level: { role: state, range: [0, 2] }, valve: { role: action, range: [0, 1] } }\n');
  expect(told).toMatchObject({ system: { kind: 'program', command: ['python3', 'tank.py'], timeoutSeconds: 3 }, models: { reward: 'learned' }, data: { generate: { behaviour: 'random' }, files: null } });
  expect(describeExperiment(told)).toMatchObject({ reward: { formula: { kind: 'told' } }, behaviours: ['do-nothing', 'random'] });
});

test('a swap of two letters, another case or other separators lead to the word that is meant; a strange word to none', () => {
  const words = ['updates', 'learningRate', 'min-lsed', 'min-lsed-global'];
  expect(closestWord('udpates', words)).toBe('updates');
  expect(closestWord('learning_rate', words)).toBe('learningRate');
  expect(closestWord('MinLSED', words)).toBe('min-lsed');
  expect(closestWord('temperature', words)).toBeNull();
});

test('the edit distance is symmetric and zero only between equal words', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});
