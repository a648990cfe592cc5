import type { Condition, Expression } from './expression';

/**
 * An experiment as the program sees it: every default filled in, every shorthand expanded.
 * `resolveExperiment` makes one from a validated file; nothing else does.
 */
export interface Experiment {
  readonly ibrl: 1;
  readonly name: string;
  readonly system: SystemSettings;
  /** by name, in the order of the file; null for the simulators that we ship, which declare their own */
  readonly variables: DeclaredVariables | null;
  readonly data: DataSettings;
  /** null: the system has its own, or its program tells rewards */
  readonly reward: RewardSettings | null;
  /** Bounds by variable, in its unit, or percentiles of the first batch for the states that follow one action by formula. */
  readonly bounds: BoundsSettings;
  readonly safety: SafetySettings;
  readonly diversity: DiversitySettings;
  readonly policies: PolicySettings;
  readonly models: ModelSettings;
  readonly search: SearchSettings;
  readonly iterations: number;
  readonly deployment: DeploymentSettings;
  readonly seed: number;
}

export type SystemSettings =
  | { readonly kind: 'grid-2d'; readonly start: 'uniform' | 'corner' | 'far' }
  | { readonly kind: 'industrial-benchmark'; readonly setpoint: number; readonly setpointProcess: 'fixed' | 'varying' }
  /** known by recordings only */
  | { readonly kind: 'plant' }
  /** a simulator of the user's; `timeoutSeconds`: longest wait for one answer */
  | { readonly kind: 'program'; readonly command: readonly string[]; readonly timeoutSeconds: number };

/** The settings of a simulator that we ship. */
export type ShippedSettings = Extract<SystemSettings, { readonly kind: 'grid-2d' | 'industrial-benchmark' }>;

/** The systems that are described by the experiment's own variables. */
export type DeclaredKind = 'plant' | 'program';

export type DeclaredVariables = Readonly<Record<string, DeclaredVariable>>;

/** `unit` is for people; `range` is the physical one, in the unit. */
export type DeclaredVariable =
  | {
      readonly role: 'state';
      readonly unit: string;
      readonly range: readonly [number, number];
      readonly predict: 'change' | 'value';
      readonly logFloor: number | null;
      /** the next value by formula, of the values before the step and the action; null: learned */
      readonly next: Formula | null;
    }
  | { readonly role: 'action'; readonly unit: string; readonly range: readonly [number, number]; readonly maxChange: number | null }
  | { readonly role: 'exogenous'; readonly unit: string; readonly range: readonly [number, number] };

/** A formula as written and as read. */
export interface Formula {
  readonly text: string;
  readonly expression: Expression;
}

/** A reward by formula of the new states, the action and `previous.x`, or a recorded column that is learned. */
export type RewardSettings = ({ readonly kind: 'formula' } & Formula) | { readonly kind: 'column'; readonly column: string };

/** Where the first batch comes from: a scripted policy in a simulator, or files. */
export type DataSettings = { readonly generate: GenerateSettings; readonly files: null } | { readonly generate: null; readonly files: RecordingSettings };

/** The first batch is made by a scripted policy of the system, with exploration `epsilon`. */
export interface GenerateSettings {
  readonly behaviour: string;
  readonly epsilon: number;
  readonly episodes: number;
  readonly steps: number;
}

export interface RecordingSettings {
  /** CSV files, relative to the experiment's folder */
  readonly files: readonly string[];
  /** heading of each variable's column; every declared variable is there */
  readonly columns: Readonly<Record<string, string>>;
  /** heading of the time; null: rows follow one another by the sampling time */
  readonly time: string | null;
  /** from one row to the next, s */
  readonly samplingTime: number;
  /** a new episode begins where a column changes, or after a pause longer than `gap` seconds; null: with each file only */
  readonly episodes: { readonly kind: 'column'; readonly column: string } | { readonly kind: 'gap'; readonly gap: number } | null;
  /** rows for which it does not hold are left out and end an episode; names are variables, or headings of other columns */
  readonly where: { readonly text: string; readonly condition: Condition } | null;
}

export type BoundsSettings =
  | { readonly kind: 'values'; readonly values: Readonly<Record<string, readonly [number, number]>> }
  | { readonly kind: 'percentiles'; readonly percentiles: readonly [number, number] };

export interface SafetySettings {
  /** (c) shrink the action range so that bounded variables cannot leave their bounds */
  readonly constrain: boolean;
  /** (b) penalty where log β(a|s) is below log δ: a number (`logDensity`) or a quantile over hold-out rows */
  readonly soft: { readonly quantile: number; readonly logDensity: number | null; readonly weight: number; readonly clip: number };
  /** (a) squared distance to β's mean action, weighted */
  readonly objective: { readonly weight: number };
  /** predicted normalised violation of bounds, weighted */
  readonly violation: { readonly weight: number };
}

export type DiversityMeasure = 'none' | 'lsed' | 'min-lsed' | 'min-lsed-global';

export interface DiversitySettings {
  readonly measure: DiversityMeasure;
  /** names of state variables */
  readonly over: readonly string[];
  /** α_d for each iteration, length `iterations` */
  readonly weight: readonly number[];
  /** largest rewarded distance (no unit), or null */
  readonly cap: number | null;
}

export interface PolicySettings {
  readonly count: number;
  readonly hidden: readonly number[];
  /** frames of history, including the present one */
  readonly history: number;
  /** names of states, exogenous variables or actions (an action: the one that led to the frame) */
  readonly inputs: readonly string[];
  readonly warmStart: boolean;
  /** so many of the policies that cost most when deployed begin the next iteration near the one that cost least */
  readonly replaceWorst: number;
}

export interface ModelSettings {
  readonly members: number;
  readonly hidden: readonly number[];
  readonly history: number;
  readonly inputs: readonly string[];
  /** gradient steps in the first iteration, and in each later one */
  readonly updates: number;
  readonly laterUpdates: number;
  /** rows in one gradient step, for each member */
  readonly batch: number;
  readonly learningRate: number;
  /** share of the episodes (or time blocks) held out */
  readonly holdout: number;
  /** gradient steps without a better hold-out error after which fitting ends */
  readonly patience: number;
  /** members see different bootstrap samples */
  readonly bootstrap: boolean;
  readonly warmStart: boolean;
  readonly reward: 'learned' | 'formula';
  /** weight of the reward's squared error against the mean one of the variables */
  readonly rewardWeight: number;
  /** scale of the reward; null: the system's */
  readonly rewardScale: number | null;
}

export interface SearchSettings {
  readonly horizon: number;
  readonly discount: number;
  readonly starts: {
    readonly count: number;
    /** draw over the batch's rows, or over the episodes' first rows only */
    readonly from: 'rows' | 'first';
    /** with `rows`: the share of starts that are drawn over episodes' first rows all the same */
    readonly firstShare: number;
  };
  readonly members: 'all' | 'one';
  readonly pessimism: 'none' | 'minimum';
  readonly updates: number;
  readonly learningRate: number;
  /** largest gradient norm of one policy; larger ones are scaled down */
  readonly clip: number;
}

export interface DeploymentSettings {
  readonly approval: 'automatic' | 'manual';
  /** episodes for each policy and iteration, and their length: they join the batch */
  readonly episodes: number;
  readonly steps: number;
  /** separate episodes on which every policy is scored; never added to the batch */
  readonly evaluate: number;
  readonly evaluateSteps: number;
}

/** What is known of a system before any recording: names, units, physical ranges, formulas. */
export interface SystemDescription {
  readonly kind: SystemSettings['kind'];
  readonly states: readonly StateVariable[];
  readonly actions: readonly ActionVariable[];
  /** names of the scripted policies that the system offers; the first is its do-nothing policy */
  readonly behaviours: readonly string[];
  readonly reward: {
    /** |r| of this size counts as 1 in the loss; null: max(mean |r|, standard deviation) of the first batch */
    readonly scale: number | null;
    readonly formula: RewardFormula;
    /** what `models.reward` is when the file does not say */
    readonly default: 'learned' | 'formula';
  };
}

/** Reward of the new state, as the engines can differentiate it; `column` and `told` have no formula and are learned. */
export type RewardFormula =
  | { readonly kind: 'linear'; readonly weights: Readonly<Record<string, number>> }
  | { readonly kind: 'gaussian'; readonly centre: Readonly<Record<string, number>>; readonly width: number }
  /** of the new states, the action, and the states before by `previous` */
  | { readonly kind: 'expression'; readonly expression: Expression }
  /** recorded in the column of this heading */
  | { readonly kind: 'column'; readonly name: string }
  /** told by the simulator program with each step */
  | { readonly kind: 'told' };

/** A column of the state: also a disturbance, which no policy moves and no model predicts. */
export interface StateVariable {
  readonly name: string;
  readonly unit: string;
  /** physical range, in the unit */
  readonly range: readonly [number, number];
  /**
   * `known`: follows `next` by formula in the models too; `learned`: predicted by the transition model; `exogenous`: nobody
   * here moves it, so a rollout replays the recording behind its start and then holds the last value
   */
  readonly source: 'known' | 'learned' | 'exogenous';
  /** the network predicts the variable's change or its value */
  readonly predict: 'change' | 'value';
  /** scaled through a logarithm of max(value, floor), or not */
  readonly logFloor: number | null;
  /**
   * The next value, where it is affine in exactly one action with constant gain (what a bound needs to be exact),
   * then clipped to the physical range when `clip`; `constant`: it stays; `formula`: any other formula of the values
   * before the step and the action, not clipped; null: not known.
   */
  readonly next:
    | { readonly kind: 'affine'; readonly action: string; readonly gain: number; readonly clip: boolean }
    | { readonly kind: 'constant' }
    | { readonly kind: 'formula'; readonly expression: Expression }
    | null;
}

export interface ActionVariable {
  readonly name: string;
  readonly unit: string;
  readonly range: readonly [number, number];
  /** largest change from one sample to the next, in the unit; null: none */
  readonly maxChange: number | null;
}
