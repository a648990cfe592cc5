import { type Static, Type } from 'typebox';
import { bytes, float32s } from './typedArrays';

const folder = Type.String({ minLength: 1, maxLength: 4_096 });
const index = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const step = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });
const range = Type.Tuple([Type.Number(), Type.Number()]);

/** Of one series that a page is sent, whatever the length of the episode. */
export const mostPoints = 2_000;

export const trajectoriesSelection = Type.Object({
  /** folder of the run */
  run: folder,
  iteration: index,
  /** 0: all; left out: the recommended one, or all on a map */
  policy: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
});
export type TrajectoriesSelection = Static<typeof trajectoriesSelection>;

/** What the page keeps over a reload. */
export const trajectoriesState = Type.Object({
  selection: trajectoriesSelection,
  arranged: Type.Object({
    /** of the chosen policy, from 0 */
    episode: Type.Integer({ minimum: 0 }),
    step,
    /** the window; null: everything */
    window: Type.Union([range, Type.Null()]),
    /** steps per second */
    speed: Type.Number({ minimum: 0.1, maximum: 10_000 }),
    /** null: what suits the system */
    show: Type.Union([Type.Enum(['real', 'predicted', 'both']), Type.Null()]),
    tables: Type.Boolean(),
  }),
});
export type TrajectoriesState = Static<typeof trajectoriesState>;

/** What the page asks of its host. */
export const trajectoriesRequest = Type.Union([
  Type.Object({ kind: Type.Literal('select'), selection: trajectoriesSelection }),
  /** steps `from` … `to` of some episodes, thinned; a later request takes the place of an earlier one */
  Type.Object({ kind: Type.Literal('series'), id: Type.Integer(), episodes: Type.Array(step, { maxItems: 64 }), from: step, to: step, /** variables that are drawn against one another, and so need the same steps */ together: Type.Array(Type.String(), { maxItems: 8 }) }),
  /** every variable at one step */
  Type.Object({ kind: Type.Literal('frame'), episodes: Type.Array(step, { maxItems: 64 }), step }),
  Type.Object({ kind: Type.Literal('trust') }),
  Type.Object({ kind: Type.Literal('retry') }),
  Type.Object({ kind: Type.Literal('dashboard') }),
  Type.Object({ kind: Type.Literal('diff') }),
]);
export type TrajectoriesRequest = Static<typeof trajectoriesRequest>;

const violation = Type.Object({
  variable: Type.String(),
  /** how many steps are outside */
  steps: Type.Integer(),
  /** largest distance from the bounds, in the unit */
  worst: Type.Number(),
  /** stretches, first and last step; the first ones where there are too many */
  stretches: Type.Array(Type.Tuple([Type.Integer(), Type.Integer()])),
});
export type Violation = Static<typeof violation>;

const episode = Type.Object({
  policy: Type.Integer(),
  /** last step that was reached */
  last: Type.Integer(),
  violations: Type.Array(violation),
});
export type EpisodeView = Static<typeof episode>;

const recording = Type.Object({
  /** changes with the file */
  key: Type.String(),
  /** columns of the file */
  names: Type.Array(Type.String()),
  /** steps of the longest episode */
  steps: Type.Integer(),
  /** null while they are read for the first time */
  episodes: Type.Union([Type.Array(episode), Type.Null()]),
});
export type RecordingView = Static<typeof recording>;

const variable = Type.Object({
  name: Type.String(),
  unit: Type.String(),
  role: Type.Enum(['state', 'action', 'reward']),
  /** physical, of states and actions */
  range: Type.Union([range, Type.Null()]),
  bounds: Type.Union([range, Type.Null()]),
});
export type VariableView = Static<typeof variable>;

const view = Type.Object({
  kind: Type.Literal('view'),
  runs: Type.Array(Type.Object({ folder: Type.String(), id: Type.String(), name: Type.String(), iterations: Type.Array(Type.Object({ iteration: Type.Integer(), recorded: Type.Boolean() })) })),
  selection: Type.Object({ run: Type.String(), iteration: Type.Integer(), policy: Type.Integer() }),
  state: Type.Enum(['running', 'stopped', 'awaiting-approval', 'awaiting-data', 'done', 'failed', 'interrupted']),
  asOf: Type.Union([Type.String(), Type.Null()]),
  failure: Type.Union([Type.String(), Type.Null()]),
  decision: Type.Union([Type.Enum(['approved', 'rejected']), Type.Null()]),
  trusted: Type.Boolean(),
  policies: Type.Integer(),
  /** bounds cannot be crossed by construction; false: they are discouraged or merely watched */
  constrained: Type.Boolean(),
  variables: Type.Array(variable),
  map: Type.Union([Type.Object({ x: Type.String(), y: Type.String(), goal: Type.Union([Type.Object({ x: Type.Number(), y: Type.Number(), width: Type.Number() }), Type.Null()]) }), Type.Null()]),
  /** share of the cells that have been visited, this iteration included, and before it; null: not evaluated */
  coverage: Type.Union([Type.Object({ now: Type.Number(), before: Type.Union([Type.Number(), Type.Null()]) }), Type.Null()]),
  recording: Type.Union([recording, Type.Null()]),
  /** the comparison that holds the predicted trajectories, by its key; null: not predicted yet */
  predicted: Type.Union([Type.String(), Type.Null()]),
  /** what could not be read, in a sentence */
  unreadable: Type.Union([Type.String(), Type.Null()]),
});
export type TrajectoriesView = Static<typeof view>;

/** One variable of one episode over a window. `steps` are whole numbers and exact up to 2²⁴. */
const seriesPart = Type.Object({ name: Type.String(), steps: float32s, values: float32s });
const episodeSeries = Type.Object({ episode: Type.Integer(), variables: Type.Array(seriesPart) });
export type EpisodeSeries = Static<typeof episodeSeries>;

export const trajectoriesMessage = Type.Union([
  view,
  Type.Object({ kind: Type.Literal('missing'), folder: Type.String() }),
  Type.Object({ kind: Type.Literal('series'), id: Type.Integer(), key: Type.String(), from: Type.Integer(), to: Type.Integer(), /** every step is there */ exact: Type.Boolean(), episodes: Type.Array(episodeSeries) }),
  /** [episodes × variables] */
  Type.Object({ kind: Type.Literal('frame'), key: Type.String(), step: Type.Integer(), episodes: Type.Array(Type.Integer()), values: float32s }),
  /** an iteration's diff.json */
  Type.Object({ kind: Type.Literal('predicted'), key: Type.String(), file: bytes }),
]);
export type TrajectoriesMessage = Static<typeof trajectoriesMessage>;
