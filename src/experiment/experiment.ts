/**
 * An experiment as the program sees it: every default filled in, every shorthand expanded.
 * `resolveExperiment` makes one from a validated file; nothing else does.
 */
export interface Experiment {
  readonly ibrl: 1;
  readonly name: string;
  readonly system: SystemSettings;
  readonly data: DataSettings;
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
  | { readonly kind: 'industrial-benchmark'; readonly setpoint: number; readonly setpointProcess: 'fixed' | 'varying' };

export interface DataSettings {
  /** The first batch is made by a scripted policy of the system, with exploration `epsilon`. */
  readonly generate: { readonly behaviour: string; readonly epsilon: number; readonly episodes: number; readonly steps: number };
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
    /** |r| of this size counts as 1 in the loss */
    readonly scale: number;
    readonly formula: RewardFormula;
    /** what `models.reward` is when the file does not say */
    readonly default: 'learned' | 'formula';
  };
}

/** Reward of the new state, as the engines can differentiate it. */
export type RewardFormula =
  | { readonly kind: 'linear'; readonly weights: Readonly<Record<string, number>> }
  | { readonly kind: 'gaussian'; readonly centre: Readonly<Record<string, number>>; readonly width: number };

export interface StateVariable {
  readonly name: string;
  readonly unit: string;
  /** physical range, in the unit */
  readonly range: readonly [number, number];
  /** `known`: follows `next` by formula in the models too; `learned`: predicted by the transition model */
  readonly source: 'known' | 'learned';
  /** the network predicts the variable's change or its value */
  readonly predict: 'change' | 'value';
  /** scaled through a logarithm of max(value, floor), or not */
  readonly logFloor: number | null;
  /**
   * The next value, where it is affine in exactly one action with constant gain (what a bound needs to be exact),
   * then clipped to the physical range when `clip`; `constant`: it stays; null: not known.
   */
  readonly next: { readonly kind: 'affine'; readonly action: string; readonly gain: number; readonly clip: boolean } | { readonly kind: 'constant' } | null;
}

export interface ActionVariable {
  readonly name: string;
  readonly unit: string;
  readonly range: readonly [number, number];
  /** largest change from one sample to the next, in the unit; null: none */
  readonly maxChange: number | null;
}
