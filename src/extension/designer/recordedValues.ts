import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Experiment } from '../../experiment/experiment';
import { type KnownRecordings, recordedVariable, type RecordedVariable } from '../../messages/designer';

/** Bars over a bound. */
const binCount = 40;

/** The part of diff.json that holds sampled frames of the batch; all pairs of an iteration have the same. Numbers are checked one by one, which is quicker. */
const sampledFrames = Type.Object({ diff: Type.Object({ sample: Type.Object({ states: Type.Record(Type.String(), Type.Unknown()) }) }) });

/** The part of `ibrl describe FILE --json` that is shown here. */
const described = Type.Object({
  format: Type.Literal('ibrl-description'),
  version: Type.Literal(1),
  batch: Type.Union([Type.Object({ rows: Type.Integer({ minimum: 0 }) }), Type.Null()]),
  variables: Type.Array(Type.Object({ name: Type.String(), recorded: Type.Union([recordedVariable, Type.Null()]) }), { maxItems: 10_000 }),
});

export type Values = Pick<KnownRecordings, 'rows' | 'variables'>;

/** Bars of the frames that an iteration's policy diff has sampled from its batch. @returns null for another text */
export function valuesOfDiff(text: string): Values | null {
  const { pairs } = (parsed(text) ?? {}) as { readonly pairs?: unknown };
  const first: unknown = Array.isArray(pairs) ? pairs[0] : null;
  if (!Value.Check(sampledFrames, first)) return null;
  const columns = Object.entries((first as Static<typeof sampledFrames>).diff.sample.states);
  if (columns.length === 0 || !columns.every((column): column is [string, number[]] => isColumn(column[1]))) return null;
  return { rows: columns[0][1].length, variables: Object.fromEntries(columns.map(([name, values]) => [name, barsOf(values)])) };
}

function isColumn(values: unknown): values is number[] {
  return Array.isArray(values) && values.length > 0 && values.length <= 100_000 && values.every((value) => typeof value === 'number' && Number.isFinite(value));
}

/** What the command line has said about the recordings: `program` where only a run makes them, null for another text. */
export function valuesOfDescription(text: string): Values | 'program' | null {
  const file = parsed(text);
  if (!Value.Check(described, file)) return null;
  const { batch, variables } = file as Static<typeof described>;
  if (batch === null) return 'program';
  return {
    rows: batch.rows,
    variables: Object.fromEntries(
      variables.flatMap(({ name, recorded }) => {
        if (recorded === null) return [];
        const { counts, maximum, mean, minimum, p5, p95 } = recorded;
        return [[name, { counts, minimum, maximum, mean, p5, p95 }]];
      }),
    ),
  };
}

/** What decides the first batch, as text: two experiments with the same have the same recordings, but for the seed. */
export function recordingsKey({ system, variables, data }: Pick<Experiment, 'system' | 'variables' | 'data'>): string {
  return JSON.stringify([system, variables, data]);
}

/** @param values finite, at least one, in the variable's unit */
function barsOf(values: readonly number[]): RecordedVariable {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const counts = new Array<number>(binCount).fill(0);
  for (const value of sorted) counts[high > low ? Math.min(binCount - 1, Math.floor(((value - low) / (high - low)) * binCount)) : 0]++;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { counts, minimum: low, maximum: high, mean, p5: quantile(sorted, 0.05), p95: quantile(sorted, 0.95) };
}

/** Linear between neighbours. @param sorted ascending, not empty */
function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
