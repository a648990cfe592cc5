import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SystemDescription } from '../../../src/experiment/experiment';
import { spanScale, actionScale, type Scales, toScaled } from '../../../src/learning/data/scaling';
import { ProgramBuilder } from '../../../src/learning/engine/program';
import { ReferenceEngine } from '../../../src/learning/engine/reference';
import { type BoundConstraint } from '../../../src/learning/safety/bounds';
import { createActionLimits, limitActions } from '../../../src/learning/safety/actionLimits';
import { limitedAction } from '../../../src/learning/search/actionLimitProgram';

const engine = new ReferenceEngine();

interface Case {
  readonly range: readonly [number, number];
  readonly maxChange: number | null;
  readonly previous: number;
  readonly output: number;
  readonly variables: readonly { readonly low: number; readonly width: number; readonly gain: number; readonly at: number }[];
}

const variable = fc.record({
  low: fc.double({ min: -50, max: 50, noNaN: true }),
  width: fc.double({ min: 0.5, max: 100, noNaN: true }),
  gain: fc.double({ min: 0.05, max: 10, noNaN: true }).chain((size) => fc.constantFrom(size, -size)),
  at: fc.double({ min: -0.5, max: 1.5, noNaN: true }),
});
const cases: fc.Arbitrary<Case> = fc
  .record({
    low: fc.double({ min: -5, max: 5, noNaN: true }), width: fc.double({ min: 0.5, max: 10, noNaN: true }),
    maxChange: fc.option(fc.double({ min: 0.05, max: 5, noNaN: true })), before: fc.double({ min: 0, max: 1, noNaN: true }),
    output: fc.double({ min: -30, max: 30, noNaN: true }), variables: fc.array(variable, { minLength: 0, maxLength: 3 }),
  })
  .map(({ low, width, maxChange, before, output, variables }) => ({ range: [low, low + width] as const, maxChange, previous: low + before * width, output, variables }));

/** The same action from the controller's limits and from the program's. */
function both({ range, maxChange, previous, output, variables }: Case): { readonly controller: number; readonly program: number; readonly worst: (a: number) => number } {
  const names = variables.map((_, i) => `v${i}`);
  const constraints = variables.map(({ low, width, gain }, i): BoundConstraint => ({ variable: names[i], action: 'a', gain, low, high: low + width, clip: null }));
  const states = variables.map(({ low, width, at }) => low + at * width);
  const actions = [{ name: 'a', unit: '', range, maxChange }];
  const out = new Float64Array(1);
  limitActions(createActionLimits(names, actions, constraints), states, 0, [previous], 0, [output], 0, out, 0);

  const description = { kind: 'grid-2d', states: names.map((name) => ({ name, unit: '', range: [-1e3, 1e3], source: 'learned', predict: 'value', logFloor: null, next: null })), actions, behaviours: [], reward: { scale: 1, formula: { kind: 'linear', weights: {} }, default: 'learned' } } as const satisfies SystemDescription;
  const scales: Scales = { states: constraints.map(({ variable: name, low, high }) => spanScale({ name, logFloor: null }, low, high)), changes: [], actions: [actionScale({ name: 'a', range })], reward: 1 };
  const builder = new ProgramBuilder({ policies: 1, members: 1, starts: 1, steps: 0 });
  const outputs = builder.input('outputs', 1);
  const state = builder.input('state', Math.max(1, names.length));
  const before = builder.input('before', 1);
  const weight = builder.input('weight', 1);
  builder.term('action', limitedAction(builder, { outputs, state, previous: before, description, scales, constraints }), weight, 1);
  const execution = engine.open(builder.build());
  execution.write(outputs, [output]);
  execution.write(state, names.length === 0 ? [0] : states.map((x, i) => toScaled(scales.states[i], x)));
  execution.write(before, [toScaled(scales.actions[0], previous)]);
  execution.write(weight, [1]);
  execution.run('forward');
  const { middle, unit } = scales.actions[0];
  const worst = (a: number) => Math.max(...variables.map(({ low, width, gain }, i) => Math.max(low - states[i] - gain * a, states[i] + gain * a - low - width) / width));
  return { controller: out[0], program: middle + unit * execution.readTerms()[0], worst };
}

test('with at most one bound on an action, program and controller choose the same action', () => {
  fc.assert(
    fc.property(cases.filter(({ variables }) => variables.length <= 1), (example) => {
      const { controller, program } = both(example);
      expect(program).toBeCloseTo(controller, 4);
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('with several bounds on an action, the program’s action breaks them no more than the controller’s', () => {
  fc.assert(
    fc.property(cases, (example) => {
      const { controller, program, worst } = both(example);
      expect(program).toBeGreaterThanOrEqual(example.range[0] - 1e-5);
      expect(program).toBeLessThanOrEqual(example.range[1] + 1e-5);
      if (example.variables.length > 0) expect(Math.max(0, worst(program))).toBeLessThanOrEqual(Math.max(0, worst(controller)) + 1e-4);
    }),
    { numRuns: 500, seed: 2 },
  );
});
