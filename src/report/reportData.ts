import type { IterationActions } from '../run/actions';
import type { Phase, RunSummary } from '../run/contract';

/**
 * Everything that a report shows, already read: `gatherReport` makes it from a run folder, `renderReport` makes a page
 * of it. Numbers are in the units of the experiment.
 */
export interface ReportData {
  readonly summary: RunSummary;
  /** time of the last event, ISO 8601: what the page is "as of"; null before the first */
  readonly asOf: string | null;
  /** γ of the return */
  readonly discount: number;
  /** on how much each policy is scored; null: not known */
  readonly evaluation: { readonly episodes: number; readonly steps: number } | null;
  readonly facts: readonly ReportFact[];
  readonly curves: readonly SearchCurves[];
  readonly trajectories: readonly ReportTrajectories[];
  readonly variables: readonly ReportVariable[];
  /** what the latest policies do with the actuators; null: not known yet */
  readonly actions: IterationActions | null;
  /** null: the system has no map */
  readonly map: ReportMap | null;
  readonly nonFinite: readonly NonFiniteCount[];
  /** every sign that was measured, in the order of the events */
  readonly health: readonly MeasuredSign[];
  /** of a failure, outermost first, said in the language of the process */
  readonly causes: readonly string[];
  /** parts of the run that could not be read, as sentences in that language */
  readonly unreadable: readonly string[];
}

export interface ReportFact {
  readonly label: string;
  readonly value: string;
}

/** What one search wrote down, thinned: all terms at the same updates. */
export interface SearchCurves {
  readonly iteration: number;
  /** the update that each point stands for, from 0 */
  readonly updates: readonly number[];
  /** the number of each policy; 0 is the probe */
  readonly policies: readonly number[];
  /** terms by name, each [policies][updates] */
  readonly terms: readonly { readonly name: string; readonly values: readonly (readonly number[])[] }[];
}

export interface ReportVariable {
  readonly name: string;
  readonly unit: string;
  /** physical range */
  readonly range: readonly [number, number];
  /** null: not bounded */
  readonly bounds: readonly [number, number] | null;
}

/** The two variables of a map, and where the reward is: the centre of its bell and the bell's standard deviation. */
export interface ReportMap {
  readonly x: string;
  readonly y: string;
  readonly goal: { readonly x: number; readonly y: number; readonly width: number } | null;
}

/** One recorded (real) deployment episode of one policy. */
export interface ReportTrajectories {
  readonly iteration: number;
  /** from 1 */
  readonly policy: number;
  /** from 1 */
  readonly episode: number;
  /** the step of each point; thinned so that extremes stay */
  readonly steps: readonly number[];
  /** by variable, as long as `steps` */
  readonly values: Readonly<Record<string, readonly number[]>>;
}

export interface MeasuredSign {
  readonly iteration: number;
  readonly sign: string;
  readonly raised: boolean;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface NonFiniteCount {
  readonly iteration: number;
  readonly phase: Phase;
  /** from 1; 0: the probe; for models, the member */
  readonly policy: number;
  /** skipped steps */
  readonly count: number;
}
