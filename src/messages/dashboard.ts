import { type Static, type TSchema, Type } from 'typebox';
import { saveFile } from './saving';

const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const phase = Type.Union([Type.Literal('collecting'), Type.Literal('modelling'), Type.Literal('searching'), Type.Literal('predicting'), Type.Literal('deploying'), Type.Literal('evaluating')]);
const range = Type.Tuple([Type.Number(), Type.Number()]);

/** A mean over episodes or rollouts, with the standard error of the mean. */
const score = Type.Object({ mean: Type.Number(), standardError: Type.Number() });
export type ScoreView = Static<typeof score>;

const policyScore = Type.Object({
  /** 1 … K; 0: the probe */
  policy: Type.Number(),
  /** null before the evaluation */
  real: nullable(score),
  promised: nullable(score),
  /** steps outside the bounds, of the evaluation; of the promise before it */
  violations: Type.Number(),
});
export type PolicyScoreView = Static<typeof policyScore>;

/** The first condition of the recommendation's rule that a policy fails. */
const lack = Type.Union([Type.Literal('predicted-violation'), Type.Literal('little-support'), Type.Literal('no-sure-improvement'), Type.Literal('not-a-number')]);
export type Lack = Static<typeof lack>;

/** Cost per step of one iteration, promised and real. */
const iterationScores = Type.Object({
  iteration: Type.Number(),
  /** who tells the real scores; null: nobody yet */
  by: nullable(Type.Union([Type.Literal('episodes'), Type.Literal('models')])),
  /** of the policies' means, episode by episode */
  mean: nullable(score),
  promisedMean: nullable(Type.Number()),
  policies: Type.Array(policyScore),
  probe: nullable(policyScore),
  /** 1 … K; null: keep the present controller, or nothing recommended yet */
  recommended: nullable(Type.Number()),
  /** where none is recommended: what the policies lack, each once */
  lacking: Type.Array(lack),
  references: Type.Array(Type.Object({ name: Type.String(), cost: Type.Number() })),
  /** scored episodes of each policy and their length; 0 before the evaluation */
  episodes: Type.Number(),
  steps: Type.Number(),
  coverage: nullable(Type.Number()),
});
export type IterationScores = Static<typeof iterationScores>;

/** What a search tells while it goes on: means over the policies. */
const lossView = Type.Object({
  iteration: Type.Number(),
  done: Type.Number(),
  total: Type.Number(),
  terms: Type.Array(Type.Object({ name: Type.String(), updates: Type.Array(Type.Number()), values: Type.Array(Type.Number()) })),
  /** recorded points that are not in `terms` */
  leftOut: Type.Number(),
  /** there is a file with one curve for each policy: ask for it */
  curves: Type.Boolean(),
});
export type LossView = Static<typeof lossView>;

const modelError = Type.Object({
  name: Type.String(),
  unit: Type.String(),
  logarithmic: Type.Boolean(),
  /** standard deviation of the held-out residuals, of each member by iteration */
  iterations: Type.Array(Type.Object({ iteration: Type.Number(), members: Type.Array(Type.Number()) })),
});
export type ModelErrorView = Static<typeof modelError>;

const marginView = Type.Object({
  iteration: Type.Number(),
  variables: Type.Array(Type.Object({
    name: Type.String(),
    unit: Type.String(),
    bounds: range,
    /** least and largest value that each policy reached */
    policies: Type.Array(Type.Object({ policy: Type.Number(), reached: range })),
  })),
});
export type MarginView = Static<typeof marginView>;

const signView = Type.Object({
  code: Type.String(),
  iteration: Type.Number(),
  /** as the trainer said it, in English */
  message: Type.String(),
  metrics: Type.Record(Type.String(), Type.Number()),
});
export type SignView = Static<typeof signView>;

const runState = Type.Union([
  Type.Literal('running'), Type.Literal('stopped'), Type.Literal('awaiting-approval'), Type.Literal('awaiting-data'), Type.Literal('done'), Type.Literal('failed'), Type.Literal('interrupted'),
]);

/** One run, as a page shows it: a snapshot, never a difference. */
export const runView = Type.Object({
  folder: Type.String(),
  id: Type.String(),
  name: Type.String(),
  /** file name of the experiment; null: there was none */
  source: nullable(Type.String()),
  created: Type.String(),
  seed: Type.Number(),
  policies: Type.Number(),
  iterations: Type.Number(),
  constrained: Type.Boolean(),
  state: runState,
  /** recordings can join its newest iteration */
  takesRecordings: Type.Boolean(),
  /** ISO 8601, of the last event */
  asOf: nullable(Type.String()),
  events: Type.Number(),
  unreadable: Type.Array(Type.String()),
  position: nullable(Type.Object({ iteration: Type.Number(), phase, done: Type.Number(), total: Type.Number() })),
  /** share of an iteration's time that each phase usually takes, in their order; sums to 1 */
  shares: Type.Array(Type.Object({ phase, share: Type.Number() })),
  elapsedMs: Type.Number(),
  /** null: not known yet, or nothing is under way */
  remainingMs: nullable(Type.Number()),
  scores: Type.Array(iterationScores),
  /** recordings that it began with; null: not known */
  batchEpisodes: nullable(Type.Number()),
  loss: nullable(lossView),
  modelErrors: Type.Array(modelError),
  margins: nullable(marginView),
  bounded: Type.Boolean(),
  signs: Type.Array(signView),
  measuredSigns: Type.Number(),
  nonFinite: Type.Number(),
  failure: nullable(Type.Object({ message: Type.String(), causes: Type.Array(Type.String()) })),
  /** a stop was asked for and not answered yet */
  stopping: nullable(Type.Union([Type.Literal('after-iteration'), Type.Literal('now')])),
});
export type RunView = Static<typeof runView>;

const snapshot = Type.Object({
  kind: Type.Literal('snapshot'),
  trusted: Type.Boolean(),
  /** the first is in full view, the others are compared with it; empty: it has not begun */
  runs: Type.Array(Type.Object({ run: runView, /** 1 …: its colour among compared runs, kept as long as it is here */ slot: Type.Number() })),
  /** folders that are no runs (yet) */
  missing: Type.Array(Type.Object({
    folder: Type.String(),
    /** in the line, from 1; null: not queued */
    place: nullable(Type.Number()),
    name: Type.String(),
    /** what is before it in the line; null: nothing */
    after: nullable(Type.String()),
  })),
});
export type DashboardSnapshot = Static<typeof snapshot>;

/** One curve for each policy of a search, thinned for the asked range. Numbers as [policy][point]. */
const curves = Type.Object({
  kind: Type.Literal('curves'),
  folder: Type.String(),
  iteration: Type.Number(),
  updates: Type.Unsafe<Float32Array>(Type.Object({ byteLength: Type.Number() })),
  terms: Type.Array(Type.Object({ name: Type.String(), values: Type.Array(Type.Unsafe<Float32Array>(Type.Object({ byteLength: Type.Number() }))) })),
  /** 1 … K, 0: the probe; in the order of `values` */
  policies: Type.Array(Type.Number()),
  recorded: Type.Number(),
});
export type CurvesMessage = Static<typeof curves>;

/** From the host to the dashboard's page. */
export const toDashboard = Type.Union([snapshot, curves]);

/** From the page to its host. */
export const fromDashboard = Type.Union([
  Type.Object({
    kind: Type.Literal('do'),
    action: Type.Union([
      Type.Literal('run'), Type.Literal('queue'), Type.Literal('stopAfterIteration'), Type.Literal('stopNow'), Type.Literal('resume'), Type.Literal('runAgainWithChanges'), Type.Literal('exportReport'),
      Type.Literal('revealRunFolder'), Type.Literal('showLog'), Type.Literal('compareRuns'), Type.Literal('checkAgain'), Type.Literal('manageTrust'), Type.Literal('removeFromQueue'), Type.Literal('openExperiment'), Type.Literal('addData'),
    ]),
    folder: Type.String(),
  }),
  Type.Object({ kind: Type.Literal('openDiff'), folder: Type.String(), iteration: Type.Number(), policy: nullable(Type.Number()) }),
  Type.Object({ kind: Type.Literal('openTrajectories'), folder: Type.String(), iteration: Type.Number(), policy: nullable(Type.Number()) }),
  /** the line of a setting in the experiment's file */
  Type.Object({ kind: Type.Literal('showSetting'), folder: Type.String(), setting: Type.String() }),
  Type.Object({ kind: Type.Literal('curves'), folder: Type.String(), iteration: Type.Number(), from: nullable(Type.Number()), to: nullable(Type.Number()) }),
  saveFile,
]);
export type FromDashboard = Static<typeof fromDashboard>;
export type DashboardAction = Extract<FromDashboard, { kind: 'do' }>['action'];

/** What the page keeps over a reload: arrangement only. */
export const dashboardArrangement = Type.Object({
  folders: Type.Array(Type.String()),
  slots: Type.Array(Type.Number()),
  focusedPolicy: nullable(Type.Number()),
  tabular: Type.Boolean(),
});
export type DashboardArrangement = Static<typeof dashboardArrangement>;
