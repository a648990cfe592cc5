import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeExperiment } from '../../src/experiment/describeExperiment';
import type { BatchSummary, ColumnSummary } from '../../src/experiment/rules/withData';
import { startRegion } from '../../src/experiment/systems';
import { validateExperiment } from '../../src/experiment/validate';
import { validateWithData } from '../../src/experiment/validateWithData';
import { summariseBatch } from '../../src/learning/data/batchSummary';
import { createSimulator } from '../../src/learning/system/createSimulator';

const head = `ibrl: 1
system: { kind: plant }
variables:
  level: { role: state, range: [0, 2], next: level + 0.1 * valve }
  stock: { role: state, range: [0, 9], next: stock - 0.5 * valve }
  heat: { role: state, range: [0, 100] }
  inflow: { role: exogenous, range: [0, 5] }
  valve: { role: action, range: [-1, 1] }
data: { files: [a.csv], samplingTime: 10 }
reward: -(level - 1)^2
`;

const column = (minimum: number, maximum: number, first: readonly [number, number] = [minimum, maximum]): ColumnSummary => ({ minimum, maximum, standardDeviation: (maximum - minimum) / 4, first });

const healthy: BatchSummary = {
  transitions: 2000, episodes: 10, longestEpisode: 200,
  columns: { level: column(0.4, 1.6), stock: column(1, 8), heat: column(20, 80), inflow: column(1, 3), valve: column(-1, 1) },
};

function found(rest: string, change: Partial<BatchSummary> = {}, columns: Readonly<Record<string, ColumnSummary>> = {}): string[] {
  const text = head + rest;
  const validation = validateExperiment(text);
  expect(validation.experiment).not.toBeNull();
  const lines = text.split('\n');
  return validateWithData(validation, { ...healthy, ...change, columns: { ...healthy.columns, ...columns } }).map(
    ({ code, severity, range: { start, end } }) => `${code} ${severity} ${lines[start.line].slice(start.character, start.line === end.line ? end.character : undefined)}`,
  );
}

const soft = 'safety: { constrain: false, soft: { weight: 1 } }\n';

describe('the second stage finds', () => {
  test('nothing in healthy recordings', () => {
    expect(found('bounds: { level: [0.2, 1.8] }\n')).toEqual([]);
  });

  test('an action that never moves, or hardly', () => {
    expect(found('', {}, { valve: column(0.5, 0.5) })).toEqual(['action-not-excited warning valve']);
    expect(found('', {}, { valve: column(0.5, 0.51) })).toEqual(['action-not-excited warning valve']);
  });

  test('a learned state or a seen disturbance that is constant, but no disturbance that nobody sees', () => {
    expect(found('', {}, { heat: column(3, 3), inflow: column(2, 2) })).toEqual(['constant-column warning heat', 'constant-column warning inflow']);
    expect(found('policies: { inputs: [level] }\nmodels: { inputs: [level, heat] }\n', {}, { inflow: column(2, 2) })).toEqual([]);
  });

  test('a soft constraint without support: one action only, or a quantile of less than a row', () => {
    expect(found(soft, {}, { valve: column(0, 0) })).toEqual(['action-not-excited warning valve', 'soft-without-support warning 1']);
    expect(found(soft, { transitions: 150 })).toEqual(['soft-without-support warning 1']);
    expect(found(soft.replace('weight: 1', 'weight: 0'), { transitions: 150 })).toEqual([]);
  });

  test('a horizon and histories longer than the recordings', () => {
    expect(found('search: { horizon: 40 }\nmodels: { history: 32 }\n', { longestEpisode: 30 })).toEqual(['horizon-beyond-recordings warning 40', 'history-beyond-recordings warning 32']);
  });

  test('more policies than the recordings can tell apart', () => {
    expect(found('policies: { count: 64 }\n', { transitions: 1500 })).toEqual(['more-policies-than-episodes warning 64']);
  });

  test('episodes that begin outside of bounds, and bounds that were never visited', () => {
    expect(found('bounds: { level: [0.2, 1.8] }\n', {}, { level: column(0.1, 1.6, [0.1, 0.5]) })).toEqual(['start-outside-bounds warning [0.2, 1.8]']);
    expect(found('bounds: { level: [0.2, 0.3] }\n')).toEqual(['bounds-unvisited warning [0.2, 0.3]']);
  });

  test('two constraints that exclude each other from where episodes begin, as an error', () => {
    const both = 'bounds: { level: [0.9, 1.1], stock: [1, 8] }\n';
    // level / 0.1 + stock / 0.5 never changes: the bounds allow 11 to 27
    expect(found(both, {}, { level: column(0.9, 1.6, [1, 1]), stock: column(1, 8, [3, 3]) })).toEqual([]);
    expect(found(both, {}, { level: column(0.9, 1.6, [1.1, 1.1]), stock: column(1, 9, [8.5, 8.5]) })).toEqual(['bounds-exclude error stock', 'start-outside-bounds warning [1, 8]']);
  });
});

test('two exclusive bounds have indeed no action sequence that brings both within them', () => {
  const steps = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });
  const start = fc.record({ level: fc.double({ min: 0, max: 2, noNaN: true }), stock: fc.double({ min: 0, max: 9, noNaN: true }) });
  const validation = validateExperiment(`${head}bounds: { level: [0.9, 1.1], stock: [1, 8] }\n`);
  fc.assert(
    fc.property(start, steps, (from, actions) => {
      const columns = { ...healthy.columns, level: column(0, 2, [from.level, from.level]), stock: column(0, 9, [from.stock, from.stock]) };
      const excluded = validateWithData(validation, { ...healthy, columns }).some(({ code }) => code === 'bounds-exclude');
      let { level, stock } = from;
      for (const action of actions) {
        level += 0.1 * action;
        stock -= 0.5 * action;
        if (excluded) expect(level >= 0.9 && level <= 1.1 && stock >= 1 && stock <= 8).toBe(false);
      }
    }),
  );
});

test('nothing is said where the first stage has found an error', () => {
  expect(validateWithData(validateExperiment('ibrl: 1\n'), healthy)).toEqual([]);
});

test('whatever the numbers in the summary, the second stage ends in findings with whole sentences', () => {
  const numbers = fc.tuple(fc.double(), fc.double(), fc.double(), fc.double(), fc.double()).map(([minimum, maximum, standardDeviation, a, b]): ColumnSummary => ({ minimum, maximum, standardDeviation, first: [a, b] }));
  const validation = validateExperiment(`${head}bounds: { level: [0.9, 1.1], stock: [1, 8], heat: [0, 50] }\nsafety: { constrain: false, violation: { weight: 1 }, soft: { weight: 1 } }\n`);
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.record({ level: numbers, stock: numbers, heat: numbers, inflow: numbers, valve: numbers }), (transitions, longestEpisode, columns) => {
      for (const { message } of validateWithData(validation, { transitions, episodes: 1, longestEpisode, columns })) expect(message).toMatch(/\.$/);
    }),
  );
});

describe('the summary of a batch', () => {
  test('leaves out the actions of first rows, and is exact for constant columns', () => {
    const episode = { iteration: 0, policy: 0, frames: 3, states: Float64Array.of(0.1, 7, 0.1, 8, 0.1, 9), actions: Float64Array.of(-5, 1, 1), rewards: new Float64Array(3) };
    expect(summariseBatch({ stateNames: ['a', 'b'], actionNames: ['u'], episodes: [episode] })).toEqual({
      transitions: 2, episodes: 1, longestEpisode: 2,
      columns: {
        a: { minimum: 0.1, maximum: 0.1, standardDeviation: 0, first: [0.1, 0.1] },
        b: { minimum: 7, maximum: 9, standardDeviation: Math.sqrt(2 / 3), first: [7, 7] },
        u: { minimum: 1, maximum: 1, standardDeviation: 0, first: [-5, -5] },
      },
    });
  });
});

test.each(['{ kind: grid-2d, start: uniform }', '{ kind: grid-2d, start: corner }', '{ kind: grid-2d, start: far }', '{ kind: industrial-benchmark }'])('simulators begin where the first stage says: %s', (system) => {
  const { experiment } = validateExperiment(`ibrl: 1\nsystem: ${system}\n`);
  if (experiment === null) throw new Error('not valid');
  const { states } = describeExperiment(experiment);
  const simulator = createSimulator(experiment.system, 500);
  simulator.reset(Array.from({ length: 500 }, (_, seed) => seed));
  for (const [name, [low, high]] of Object.entries(startRegion(experiment.system))) {
    const own = states.findIndex((state) => state.name === name);
    const starts = Array.from({ length: 500 }, (_, episode) => simulator.states[episode * states.length + own]);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...starts)).toBeLessThanOrEqual(high);
    expect(Math.max(...starts) - Math.min(...starts)).toBeGreaterThanOrEqual(0.9 * (high - low));
  }
});
