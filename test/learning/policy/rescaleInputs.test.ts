import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toScaled, type VariableScale } from '../../../src/learning/data/scaling';
import { createForward } from '../../../src/learning/policy/forward';
import { initialiseNetwork } from '../../../src/learning/policy/initialise';
import { rescaleInputs } from '../../../src/learning/policy/rescaleInputs';
import { Random } from '../../../src/learning/random';

const scale = (name: string, middle: number, unit: number, logFloor: number | null = null): VariableScale => ({ name, middle, unit, logFloor });
const own = [scale('level', 50, 17), scale('usage', 3, 1.2, 5)];
const policy = (seed: number) => ({ network: initialiseNetwork([6, 4, 2], 'tanh', new Random(seed), 2), history: 3, inputs: own.map((one) => ({ source: 'state' as const, scale: one })) });

test('a policy with rescaled inputs chooses the same from the same values in units', () => {
  const unit = fc.double({ min: 0.2, max: 30, noNaN: true });
  const middle = fc.double({ min: -40, max: 60, noNaN: true });
  fc.assert(
    fc.property(fc.integer(), unit, unit, middle, (seed, a, b, m) => {
      const other = [scale('level', m, a), scale('usage', 2, b, 5)];
      const random = new Random(seed);
      const values = Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? random.uniform(0, 100) : random.uniform(1, 300)));
      const definition = policy(seed);
      const network = rescaleInputs(definition, other);
      if (network === null) throw new Error('it can be rescaled');
      const outputs = [[definition.network, own], [network, other]].map(([used, scales]) => {
        const out = new Float64Array(2);
        createForward(used as typeof network)(values.map((value, i) => toScaled((scales as VariableScale[])[i % 2], value)), 0, out, 0);
        return out;
      });
      for (let o = 0; o < 2; o++) expect(outputs[1][o]).toBeCloseTo(outputs[0][o], 3);
    }),
  );
});

test('equal scales leave every bit, and another logarithm cannot be made up for', () => {
  const definition = policy(1);
  expect(rescaleInputs(definition, own)).toBe(definition.network);
  expect(rescaleInputs(definition, [own[0], scale('usage', 3, 1.2)])).toBeNull();
});
