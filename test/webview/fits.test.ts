import fc from 'fast-check';
import { type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { fits } from '../../webview/shared/fits';

const word = Type.Union([Type.Literal('a'), Type.Literal('b')]);
const part = Type.Object({ n: Type.Integer({ minimum: 0 }), w: word, o: Type.Optional(Type.String()) });
const schema = Type.Union([
  Type.Object({ kind: Type.Literal('parts'), parts: Type.Array(part), one: Type.Union([part, Type.Null()]), pair: Type.Tuple([Type.Number(), Type.Number()]), named: Type.Record(Type.String(), Type.Number()) }),
  Type.Object({ kind: Type.Literal('words'), parts: Type.Array(word, { minItems: 1 }), bytes: Type.Unsafe<Float32Array>(Type.Object({ byteLength: Type.Number() })) }),
  Type.Object({ kind: Type.Literal('words'), parts: Type.Refine(Type.Array(Type.Number()), (value) => value.length < 3) }),
]);

/** Mostly as it ought to be, so that many fit. */
const mostly = <Value>(good: fc.Arbitrary<Value>): fc.Arbitrary<unknown> => fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom<unknown>(undefined, null, -1, 'c', [], {}, Number.NaN) });
const aWord = mostly(fc.constantFrom('a', 'b'));
const aPart = mostly(fc.record({ n: mostly(fc.nat(3)), w: aWord, o: mostly(fc.constant('x')) }, { requiredKeys: ['n', 'w'] }));
const message = fc.oneof(
  fc.record({ kind: mostly(fc.constant('parts')), parts: mostly(fc.array(aPart, { maxLength: 3 })), one: mostly(fc.option(aPart)), pair: mostly(fc.tuple(fc.nat(2), mostly(fc.nat(2)))), named: mostly(fc.dictionary(fc.constantFrom('x', 'y'), mostly(fc.nat(2)))) }),
  fc.record({ kind: fc.constantFrom('words', 'parts'), parts: mostly(fc.array(aWord, { maxLength: 3 })), bytes: mostly(fc.constant(new Float32Array(2))) }),
  fc.record({ kind: fc.constant('words'), parts: mostly(fc.array(mostly(fc.nat(2)), { maxLength: 4 })) }),
);

function agrees(one: TSchema, value: unknown, last: unknown): void {
  expect(fits(one, value, Value.Check(one, last) ? last : undefined)).toBe(Value.Check(one, value));
}

test('a value fits after another one exactly when it fits by itself', () => {
  fc.assert(fc.property(message, message, (value, last) => agrees(schema, value, last)), { numRuns: 3_000 });
});

test('so does one that differs from the other in one place', () => {
  const changed = fc.record({ n: fc.nat(3), w: fc.constant('a') }).chain((good) => fc.tuple(fc.array(fc.constant(good), { minLength: 1, maxLength: 3 }), aPart, fc.nat(3)));
  fc.assert(fc.property(changed, ([parts, other, at]) => {
    const last = { kind: 'parts', parts, one: null, pair: [1, 2], named: { x: 1 } };
    agrees(schema, { ...structuredClone(last), parts: parts.with(at % parts.length, other as (typeof parts)[number]) }, last);
  }));
});
