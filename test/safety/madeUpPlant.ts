import fc from 'fast-check';
import type { SystemDescription } from '../../src/experiment/experiment';
import type { BoundConstraint } from '../../src/learning/safety/bounds';

/** A bounded variable on an action, x′ = x + gain · a. */
export interface MadeUpVariable {
  readonly action: number;
  readonly low: number;
  readonly high: number;
  readonly gain: number;
  /** start, as a share of the bounds' width above the lower one */
  readonly at: number;
}

/** A plant with some actions and at most two bounded variables on each. */
export interface MadeUpPlant {
  readonly actions: readonly { readonly range: readonly [number, number]; readonly maxChange: number | null }[];
  readonly variables: readonly MadeUpVariable[];
  /** size of the networks' weights */
  readonly weights: number;
  readonly seed: number;
}

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** @param at where variables start, as a share of their width @param withChange largest changes too */
export function plants(at: fc.Arbitrary<number>, withChange: boolean): fc.Arbitrary<MadeUpPlant> {
  const action = fc.record({ low: fc.oneof(fc.constantFrom(-1, 0, -10), real(-20, 0)), width: fc.oneof(fc.constantFrom(1, 2, 100), real(0.1, 50)), change: withChange ? fc.option(real(0.01, 1)) : fc.constant(null), upward: fc.boolean() });
  const variable = fc.record({ low: fc.oneof(fc.constantFrom(0, 30), real(-1000, 1000)), logWidth: real(-1, 3), steps: fc.oneof(real(-6, -1), real(-1, 2.5)), negative: fc.boolean(), at });
  return fc
    .array(fc.tuple(action, fc.array(variable, { minLength: 0, maxLength: 2 })), { minLength: 1, maxLength: 2 })
    .filter((list) => list.some(([, variables]) => variables.length > 0))
    .chain((list) => fc.record({ list: fc.constant(list), weights: real(-1, 6).map((power) => 10 ** power), seed: fc.integer({ min: 1, max: 1 << 20 }) }))
    .map(({ list, weights, seed }) => {
      const actions = list.map(([{ low, width, change, upward }]): MadeUpPlant['actions'][number] => {
        // 0 is always within the range: without it, standing still is not possible and bounds cannot always hold
        const range = upward ? ([low, Math.max(0, low + width)] as const) : ([-Math.max(0, low + width), -low] as const);
        return { range: range[0] < range[1] ? range : [range[0], range[0] + width], maxChange: change === null ? null : change * width };
      });
      const variables = list.flatMap(([, own], index) => own.map(({ low, logWidth, steps, negative, at: start }): MadeUpVariable => {
        const width = 10 ** logWidth;
        const [bottom, top] = actions[index].range;
        // largest step: 10^−steps of the width, so from 1/300 of the bounds to a million times them, which is as far as experiments may go
        return { action: index, low, high: low + width, gain: ((negative ? -1 : 1) * width * 10 ** -steps) / Math.max(Math.abs(bottom), Math.abs(top)), at: start };
      }));
      return { actions, variables, weights, seed };
    });
}

export function descriptionOf(plant: MadeUpPlant): SystemDescription {
  return {
    kind: 'grid-2d',
    states: plant.variables.map(({ low, high, gain, action }, index) => ({
      name: `v${index}`, unit: '1', range: [low - 10 * (high - low), high + 10 * (high - low)] as const, source: 'known' as const, predict: 'change' as const, logFloor: null,
      next: { kind: 'affine' as const, action: `a${action}`, gain, clip: false },
    })),
    actions: plant.actions.map(({ range, maxChange }, index) => ({ name: `a${index}`, unit: '1', range, maxChange })),
    behaviours: [],
    reward: { scale: 1, formula: { kind: 'linear', weights: { v0: 1 } }, default: 'formula' },
  };
}

export function boundsOf(plant: MadeUpPlant): Record<string, readonly [number, number]> {
  return Object.fromEntries(plant.variables.map(({ low, high }, index) => [`v${index}`, [low, high] as const]));
}

export function constraintsOf(plant: MadeUpPlant): BoundConstraint[] {
  return plant.variables.map(({ low, high, gain, action }, index) => ({ variable: `v${index}`, action: `a${action}`, gain, low, high, clip: null }));
}

export function inside({ low, high }: MadeUpVariable, value: number): boolean {
  return value >= low && value <= high;
}

/**
 * Whether some action between the range's ends and no farther than the largest change from the last one keeps every
 * bounded variable of the action inside, with some room.
 * @param states [variables] @param previous the last action
 */
export function isPossible(plant: MadeUpPlant, action: number, states: readonly number[], previous: number): boolean {
  const { range, maxChange } = plant.actions[action];
  const clamped = Math.min(range[1], Math.max(range[0], previous));
  let low = maxChange === null ? range[0] : Math.max(range[0], clamped - maxChange);
  let high = maxChange === null ? range[1] : Math.min(range[1], clamped + maxChange);
  const stillAllowed = low < 0 && high > 0;
  const room = 1e-4 * (range[1] - range[0]);
  let allInside = true;
  plant.variables.forEach((variable, index) => {
    if (variable.action !== action) return;
    allInside &&= inside(variable, states[index]);
    const ends = [(variable.low - states[index]) / variable.gain, (variable.high - states[index]) / variable.gain];
    low = Math.max(low, Math.min(...ends));
    high = Math.min(high, Math.max(...ends));
  });
  return (stillAllowed && allInside) || high - low > room || (maxChange === null && allInside);
}
