import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { isSentence, type Sentence } from '../sentence/sentence';

/**
 * Two controllers side by side, as `diff.json` of an iteration and `ibrl diff --json` tell it (docs/policy-diff.md). The
 * host passes the file on as bytes and the page reads it: two million characters are no work for the host.
 */
const mostNumbers = 100_000;

/** Checked as a whole: entry by entry, a schema would need a tenth of a second for one file. */
const numbers = Type.Refine(Type.Unsafe<readonly number[]>({}), (value: unknown) => Array.isArray(value) && value.length <= mostNumbers && value.every(Number.isFinite));
/** null: the models did not give a number there */
const points = Type.Refine(Type.Unsafe<readonly (number | null)[]>({}), (value: unknown) => Array.isArray(value) && value.length <= mostNumbers && value.every((entry) => entry === null || Number.isFinite(entry)));

const said = Type.Refine(Type.Unsafe<Sentence>({}), (value: unknown) => isSentence(value));
const text = Type.String({ maxLength: 1_000 });
const range = Type.Tuple([Type.Number(), Type.Number()]);
const nullable = Type.Union([Type.Number(), Type.Null()]);
const distribution = Type.Object({ mean: Type.Number(), p50: Type.Number(), p90: Type.Number(), max: Type.Number() });
const both = Type.Object({ before: Type.Number(), after: Type.Number() });

const actionDiff = Type.Object({
  name: text,
  unit: text,
  range,
  before: numbers,
  after: numbers,
  change: distribution,
  slew: Type.Object({ before: distribution, after: distribution }),
  saturated: both,
});
export type ComparedAction = Static<typeof actionDiff>;

const marginDiff = Type.Object({ variable: text, unit: text, bounds: range, before: numbers, after: numbers, least: both });
export type ComparedMargin = Static<typeof marginDiff>;

const estimate = Type.Object({ mean: nullable, spread: nullable });
export type Estimate = Static<typeof estimate>;

const predictedSide = Type.Object({ cost: estimate, return: estimate, margins: Type.Array(Type.Object({ variable: text, least: nullable })) });
const band = Type.Object({ mean: points, low: points, high: points });
export type Band = Static<typeof band>;

const predictedTrajectory = Type.Object({
  episode: Type.Integer({ minimum: 0 }),
  row: Type.Integer({ minimum: 0 }),
  steps: numbers,
  states: Type.Array(Type.Object({ name: text, unit: text, before: band, after: band })),
});
export type PredictedTrajectory = Static<typeof predictedTrajectory>;

const predicted = Type.Object({
  steps: Type.Integer({ minimum: 0 }),
  members: Type.Integer({ minimum: 1 }),
  starts: Type.Integer({ minimum: 1 }),
  before: predictedSide,
  after: predictedSide,
  improvement: estimate,
  trajectories: Type.Array(predictedTrajectory),
});

const comparison = {
  diff: Type.Object({
    sample: Type.Object({ episode: numbers, row: numbers, states: Type.Record(Type.String(), numbers) }),
    actions: Type.Array(actionDiff, { minItems: 1 }),
    margins: Type.Array(marginDiff),
    support: Type.Union([Type.Object({ before: numbers, after: numbers, share: both }), Type.Null()]),
  }),
  predicted: Type.Union([predicted, Type.Null()]),
  cards: Type.Object({ before: Type.String({ maxLength: 100_000 }), after: Type.String({ maxLength: 100_000 }) }),
  /** the cards, to be said in any language; absent in runs of earlier versions */
  sentences: Type.Optional(Type.Object({ before: said, after: said })),
};

const iterationFile = Type.Object({
  format: Type.Literal('ibrl-iteration-diff'),
  version: Type.Literal(1),
  iteration: Type.Integer({ minimum: 1 }),
  pairs: Type.Array(
    Type.Object({
      policy: Type.Integer({ minimum: 1 }),
      against: Type.Union([
        Type.Object({ kind: Type.Literal('policy'), iteration: Type.Integer({ minimum: 1 }), policy: Type.Integer({ minimum: 1 }) }),
        Type.Object({ kind: Type.Literal('behaviour') }),
      ]),
      ...comparison,
    }),
    { minItems: 1 },
  ),
});
const answer = Type.Object(comparison);

/** One pair, with all that was compared. */
export type Comparison = Static<typeof answer>;
/** A pair of an iteration's file, with what it was paired with. */
export type IterationPair = Static<typeof iterationFile>['pairs'][number];

/** A comparison that is not as docs/run-folder.md says. */
export class ComparisonError extends Error {
  override readonly name = 'ComparisonError';
  readonly code = 'invalid-comparison';
}

/** Reads an iteration's diff.json. @throws ComparisonError */
export function readIterationPairs(file: Uint8Array): readonly IterationPair[] {
  const value = parsed(file);
  if (!Value.Check(iterationFile, value)) throw unexpected();
  for (const pair of value.pairs) checkLengths(pair);
  return value.pairs;
}

/** Reads what `ibrl diff --json` answered. @throws ComparisonError */
export function readComparison(file: Uint8Array): Comparison {
  const value = parsed(file);
  if (!Value.Check(answer, value)) throw unexpected();
  checkLengths(value);
  return value;
}

function parsed(file: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(file)) as unknown;
  } catch (cause) {
    throw new ComparisonError('The comparison is not JSON.', { cause });
  }
}

function unexpected(): ComparisonError {
  return new ComparisonError('The comparison was damaged, or written by another version.');
}

/** Every list over frames is as long as the sample, and every band as long as its steps. */
function checkLengths({ diff, predicted: promise }: Comparison): void {
  const frames = diff.sample.row.length;
  const lists = [
    diff.sample.episode,
    ...Object.values(diff.sample.states),
    ...diff.actions.flatMap(({ before, after }) => [before, after]),
    ...diff.margins.flatMap(({ before, after }) => [before, after]),
    ...(diff.support === null ? [] : [diff.support.before, diff.support.after]),
  ];
  const bands = (promise?.trajectories ?? []).flatMap(({ steps, states }) => states.flatMap(({ before, after }) => [before, after].flatMap((side) => [side.mean, side.low, side.high].map((list) => ({ list, steps })))));
  if (frames === 0 || lists.some((list) => list.length !== frames) || bands.some(({ list, steps }) => list.length !== steps.length)) throw unexpected();
}
