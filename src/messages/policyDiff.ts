import { type Static, Type } from 'typebox';
import { bytes } from './typedArrays';

const folder = Type.String({ minLength: 1, maxLength: 4_096 });
const index = Type.Integer({ minimum: 1, maximum: 1_000_000 });

/** With what a policy is compared. */
export const against = Type.Union([
  /** the policy of the iteration before that it began from, or that acts most like it; β in the first */
  Type.Object({ kind: Type.Literal('predecessor') }),
  /** β's mean action */
  Type.Object({ kind: Type.Literal('behaviour') }),
  Type.Object({ kind: Type.Literal('policy'), run: folder, iteration: index, policy: index }),
]);
export type Against = Static<typeof against>;

/** Which policy is looked at, and beside what. What is left out is chosen: the recommended policy, its predecessor. */
export const policyDiffSelection = Type.Object({
  /** folder of the run */
  run: folder,
  iteration: index,
  policy: Type.Optional(index),
  against: Type.Optional(against),
});
export type PolicyDiffSelection = Static<typeof policyDiffSelection>;

/** What the page keeps over a reload: the selection, and how it was arranged. Names that are not there any more are ignored. */
export const policyDiffState = Type.Object({
  selection: policyDiffSelection,
  arranged: Type.Object({
    /** actuator and variables of the map */
    action: Type.String(),
    x: Type.String(),
    y: Type.String(),
    /** which of the common starts, from 0 */
    start: Type.Integer({ minimum: 0 }),
    /** changes as effects on the state */
    effect: Type.Boolean(),
    /** all policies in one picture, where there is room for them */
    all: Type.Boolean(),
    /** numbers instead of pictures */
    tables: Type.Boolean(),
  }),
});
export type PolicyDiffState = Static<typeof policyDiffState>;

/** What the page asks of its host. */
export const policyDiffRequest = Type.Union([
  Type.Object({ kind: Type.Literal('select'), selection: policyDiffSelection }),
  /** opens the two texts in the editor's own comparison */
  Type.Object({ kind: Type.Literal('card'), before: Type.String({ maxLength: 100_000 }), after: Type.String({ maxLength: 100_000 }), beforeName: Type.String({ maxLength: 200 }), afterName: Type.String({ maxLength: 200 }) }),
  /** the confirmation repeats the verdict */
  Type.Object({ kind: Type.Literal('approve'), verdict: Type.String({ maxLength: 2_000 }) }),
  Type.Object({ kind: Type.Literal('reject'), verdict: Type.String({ maxLength: 2_000 }) }),
  Type.Object({ kind: Type.Literal('trust') }),
  Type.Object({ kind: Type.Literal('retry') }),
  Type.Object({ kind: Type.Literal('dashboard') }),
  Type.Object({ kind: Type.Literal('trajectories') }),
]);
export type PolicyDiffRequest = Static<typeof policyDiffRequest>;

/** Why there is nothing to compare. */
export const absences = ['nothing-searched', 'not-predicted', 'no-such-policy', 'no-models'] as const;
export type Absence = (typeof absences)[number];

const comparisonStatus = Type.Union([
  /** the bytes follow or came before, under the same key */
  Type.Object({ status: Type.Literal('ready'), key: Type.String(), source: Type.Enum(['iteration', 'command']) }),
  Type.Object({ status: Type.Literal('computing') }),
  Type.Object({ status: Type.Literal('absent'), reason: Type.Enum([...absences]) }),
  /** a process would have to be started, which only a trusted workspace allows */
  Type.Object({ status: Type.Literal('untrusted') }),
  Type.Object({ status: Type.Literal('failed'), message: Type.String() }),
]);
export type ComparisonStatus = Static<typeof comparisonStatus>;

const runChoice = Type.Object({
  folder: Type.String(),
  id: Type.String(),
  name: Type.String(),
  /** iterations whose policies are there */
  iterations: Type.Array(Type.Object({ iteration: Type.Integer(), policies: Type.Integer() })),
});
export type RunChoice = Static<typeof runChoice>;

const view = Type.Object({
  kind: Type.Literal('view'),
  runs: Type.Array(runChoice),
  selection: Type.Object({ run: Type.String(), iteration: Type.Integer(), policy: Type.Integer(), against }),
  /** as a reader sees the run */
  state: Type.Enum(['running', 'stopped', 'awaiting-approval', 'awaiting-data', 'done', 'failed', 'interrupted']),
  /** ISO 8601, of the run's last event */
  asOf: Type.Union([Type.String(), Type.Null()]),
  failure: Type.Union([Type.String(), Type.Null()]),
  trusted: Type.Boolean(),
  /** this iteration waits for a person's decision */
  awaiting: Type.Boolean(),
  decision: Type.Union([Type.Enum(['approved', 'rejected']), Type.Null()]),
  /** the newest iteration that can be compared */
  newest: Type.Union([Type.Integer(), Type.Null()]),
  recommended: Type.Union([Type.Integer(), Type.Null()]),
  /** variables that an actuator moves by a known constant per unit */
  effects: Type.Array(Type.Object({ action: Type.String(), variable: Type.String(), unit: Type.String(), gain: Type.Number() })),
  /** how far off the last promise was: real − promised cost per step. `policy` null: mean over the policies */
  promise: Type.Union([Type.Object({ iteration: Type.Integer(), policy: Type.Union([Type.Integer(), Type.Null()]), error: Type.Number() }), Type.Null()]),
  /** what this policy really cost, once deployed and evaluated by episodes */
  deployed: Type.Union([Type.Object({ real: Type.Number(), promised: Type.Number() }), Type.Null()]),
  comparison: comparisonStatus,
});
export type PolicyDiffView = Static<typeof view>;

/** What the host tells the page: always the whole view; the bytes of a comparison once. */
export const policyDiffMessage = Type.Union([view, /** there is no run in the folder any more */ Type.Object({ kind: Type.Literal('missing'), folder: Type.String() }), Type.Object({ kind: Type.Literal('comparison'), key: Type.String(), source: Type.Enum(['iteration', 'command']), file: bytes })]);
export type PolicyDiffMessage = Static<typeof policyDiffMessage>;
