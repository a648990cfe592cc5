/**
 * The run folder as a protocol: what each of its files holds. Writers are `writer.ts` and the trainer, readers
 * everyone else. All JSON; a reader ignores fields and event types that it does not know.
 */

import type { Sentence } from '../sentence/sentence';
import type { IterationReliability } from './reliability';

/** Where a run stands, as the last events tell. */
export type RunState = 'running' | 'stopped' | 'awaiting-approval' | 'awaiting-data' | 'done' | 'failed';

/** As a reader sees it: `interrupted` is a run that says `running` while nobody alive holds its lock. */
export type ObservedState = RunState | 'interrupted';

/** In the order in which an iteration goes through them. */
export const phases = ['collecting', 'modelling', 'searching', 'predicting', 'deploying', 'evaluating'] as const;
export type Phase = (typeof phases)[number];

/** run.json, written once, last of all when a run is created. */
export interface RunDescription {
  readonly format: 'ibrl-run';
  readonly version: 1;
  readonly id: string;
  /** the experiment's name */
  readonly name: string;
  /** ISO 8601, UTC */
  readonly created: string;
  readonly seed: number;
  readonly iterations: number;
  /** number of policies searched together */
  readonly policies: number;
  /** the experiment file that was run, as an absolute path; null when there was none. For people: nothing reads it back */
  readonly source: string | null;
  readonly versions: Versions;
  /** of experiment.yaml, the frozen text */
  readonly experimentSha256: string;
  /** of each recording that the experiment names, by its name there; empty when the first batch is generated */
  readonly dataSha256: Readonly<Record<string, string>>;
}

/** Of everything that could matter to the bits: the program, Node, the engine's build. */
export interface Versions {
  readonly ibrl: string;
  readonly node: string;
  readonly [other: string]: string;
}

/** What the event log adds to every event. */
export interface EventStamp {
  /** 1, 2, 3, …, over all attempts */
  readonly seq: number;
  /** 1 for the first process that worked on the run, then one more for each `resume`; 0 before the first */
  readonly attempt: number;
  /** ISO 8601, UTC; to be shown, never to be computed with */
  readonly time: string;
}

export type EventBody =
  | { readonly type: 'run-created'; readonly id: string }
  | {
      readonly type: 'attempt-started';
      readonly engine: string;
      readonly arithmetic: string;
      readonly threads: number;
      readonly versions: Versions;
    }
  | {
      readonly type: 'resumed';
      /** the event of the checkpoint that this attempt goes on from (0: from the start), and where that is */
      readonly from: { readonly seq: number; readonly iteration: number; readonly phase: Phase; readonly done: number };
    }
  | { readonly type: 'phase-started'; readonly iteration: number; readonly phase: Phase }
  | { readonly type: 'phase-ended'; readonly iteration: number; readonly phase: Phase }
  | {
      readonly type: 'file-written';
      /** relative to the run folder, with `/` */
      readonly path: string;
      readonly sha256: string;
      readonly bytes: number;
      readonly iteration: number;
    }
  | {
      readonly type: 'progress';
      readonly iteration: number;
      readonly phase: Phase;
      /** of `total` equal pieces of work in this phase */
      readonly done: number;
      readonly total: number;
      readonly metrics: Readonly<Record<string, number>>;
    }
  | {
      readonly type: 'model-fitted';
      readonly iteration: number;
      readonly model: 'transition' | 'reward' | 'behaviour';
      /** 0 … members − 1 */
      readonly member: number;
      /** gradient steps that were made, and the one whose parameters were kept */
      readonly updates: number;
      readonly bestUpdate: number;
      /** mean squared errors on scaled targets */
      readonly trainingError: number;
      readonly holdoutError: number;
      /** standard deviation of the hold-out residuals, by target, in its unit */
      readonly residualSpread: Readonly<Record<string, number>>;
    }
  | { readonly type: 'decision'; readonly iteration: number; readonly decision: 'approved' | 'rejected'; readonly by: 'automatic' | 'person' }
  | {
      /** recordings of a plant joined an iteration: `batch.parquet` holds them */
      readonly type: 'data-added';
      readonly iteration: number;
      readonly episodes: number;
      readonly transitions: number;
      /** sha256 of each recording, by its name without folders */
      readonly files: Readonly<Record<string, string>>;
      /** what is doubtful about them; part of the fact, so that no resume takes it back */
      readonly warnings: readonly { readonly code: string; readonly message: string; readonly sentence?: Sentence }[];
    }
  | { readonly type: 'request-handled'; readonly id: string; readonly kind: RequestKind; readonly outcome: 'done' | 'refused' | 'expired' }
  | { readonly type: 'warning'; readonly code: string; /** in English */ readonly message: string; /** the same, to be said in any language; absent in runs of earlier versions */ readonly sentence?: Sentence; readonly iteration: number; /** what it rests on */ readonly metrics?: Readonly<Record<string, number>> }
  | {
      /** a health sign, raised or not; one that is raised is also a `warning` with the sign as its code */
      readonly type: 'health-measured';
      readonly iteration: number;
      readonly sign: string;
      readonly raised: boolean;
      readonly metrics: Readonly<Record<string, number>>;
    }
  | {
      readonly type: 'non-finite';
      readonly iteration: number;
      readonly phase: Phase;
      /** 1 … K; 0: the probe; for models and β, the member */
      readonly policy: number;
      readonly update: number;
      /** how many skipped steps this event reports, at least 1; the sum over events is what is shown */
      readonly count: number;
    }
  | { readonly type: 'state-changed'; readonly state: RunState }
  | { readonly type: 'attempt-ended'; readonly state: RunState; readonly exitCode: number }
  | { readonly type: 'run-finished' }
  | {
      readonly type: 'failed';
      readonly code: string;
      /** in English, as `causes` */
      readonly message: string;
      /** outermost first */
      readonly causes: readonly string[];
      /** message and causes, to be said in any language; absent in runs of earlier versions */
      readonly sentences?: readonly Sentence[];
    };

export type RunEvent = EventStamp & EventBody;
export type EventType = EventBody['type'];
/** One kind of event, as `EventOf<'progress'>`. */
export type EventOf<Type extends EventType> = EventStamp & Extract<EventBody, { readonly type: Type }>;

export type RequestKind = 'stop-after-iteration' | 'stop-now' | 'approve' | 'reject' | 'add-data';

/** control/<id>.json: what somebody asks of the run. Answered by a `request-handled` event, once. */
export interface RunRequest {
  readonly format: 'ibrl-request';
  readonly version: 1;
  readonly id: string;
  readonly kind: RequestKind;
  /** ISO 8601, UTC */
  readonly created: string;
  /** `add-data`: absolute paths of the recordings */
  readonly files?: readonly string[];
  /** `approve`, `reject`: why, in the person's words */
  readonly reason?: string;
}

/** One number for each episode or rollout. */
export interface EpisodeScores {
  /** mean cost per step, undiscounted */
  readonly costs: readonly number[];
  /** sum of γ^t r_t */
  readonly returns: readonly number[];
  /** of rollouts in evaluation.json: how far their means over members and starts may be off, docs/plants.md */
  readonly ensembleSpread?: EnsembleSpread;
}

/** Steps outside the original bounds. */
export interface Violations {
  readonly steps: number;
  /** of all steps, 0 … 1 */
  readonly share: number;
  /** largest distance from the bounds, in widths of the bounds */
  readonly worst: number;
}

/** iterations/NNN/predicted.json: what the models promise, known before the decision. */
export interface Predicted {
  readonly format: 'ibrl-predicted';
  readonly version: 1;
  readonly iteration: number;
  /** length of each rollout */
  readonly steps: number;
  readonly policies: readonly PredictedPolicy[];
  readonly probe: PredictedPolicy | null;
  /** β's mean action through the same models from the same starts */
  readonly behaviour: EpisodeScores | null;
  /** 1 … K; null: keep the present controller */
  readonly recommended: number | null;
  /** how the recommendation came about; null in files of an earlier version */
  readonly recommendation: Recommendation | null;
}

/** docs/safety.md has the rule. */
export interface Recommendation {
  /** in one sentence, in English */
  readonly reason: string;
  /** the same, to be said in any language; absent in runs of earlier versions */
  readonly sentence?: Sentence;
  readonly policies: readonly {
    /** 1 … K */
    readonly policy: number;
    /** of the promised return over β's, on the same models and starts; null: not a number */
    readonly improvement: { readonly mean: number; readonly spread: number } | null;
    /** mean − 2 · spread of it: above 0 or not recommended */
    readonly sureImprovement: number | null;
    /** share of its actions that have support, 0 … 1 */
    readonly supported: number;
    /** predicted steps outside the bounds */
    readonly violations: number;
    /** the first condition that it fails, or none */
    readonly verdict: 'candidate' | 'predicted-violation' | 'little-support' | 'no-sure-improvement' | 'not-a-number';
  }[];
}

export interface PredictedPolicy extends EpisodeScores {
  /** 1 … K; 0: the probe */
  readonly policy: number;
  /** of the policy's file */
  readonly sha256: string;
  readonly violations: Violations;
}

/** iterations/NNN/decision.json */
export interface Decision {
  readonly format: 'ibrl-decision';
  readonly version: 1;
  readonly iteration: number;
  readonly decision: 'approved' | 'rejected';
  readonly by: 'automatic' | 'person';
  readonly reason: string | null;
}

/** iterations/NNN/diff.json: made and read by the diff room; opaque here. */
export type PolicyDiffFile = Readonly<Record<string, unknown>>;

/** iterations/NNN/evaluation.json: what really happened, on episodes that never join the batch. */
export interface Evaluation {
  readonly format: 'ibrl-evaluation';
  readonly version: 1;
  readonly iteration: number;
  /** length of each episode */
  readonly steps: number;
  /** `models`: of a plant, on rollouts through each member instead of episodes; absent: on real episodes */
  readonly by?: 'models';
  readonly policies: readonly EvaluatedPolicy[];
  readonly probe: EvaluatedPolicy | null;
  /** other controllers on the same episodes, by name: doNothing, behaviour, … */
  readonly references: Readonly<Record<string, EpisodeScores>>;
  /** share of the cells that the batch has visited, this iteration's recordings included, 0 … 1 */
  readonly coverage: number;
  /** mean distance of a policy to its nearest partner, measured on real episodes; 0 for a single policy */
  readonly minLsed: number;
  /** 1 … K, or null for keeping the present controller, as predicted.json said */
  readonly recommended: number | null;
}

export interface EvaluatedPolicy extends EpisodeScores {
  /** 1 … K; 0: the probe */
  readonly policy: number;
  /** of the policy's file */
  readonly sha256: string;
  readonly violations: Violations;
}

/** Of a mean over rollouts through an ensemble: what the members disagree on, and what the choice of starts leaves open. */
export interface EnsembleSpread {
  readonly cost: number;
  readonly return: number;
}

/** Over episodes or rollouts. */
export interface Spread {
  readonly mean: number;
  /** of the mean; 0 when there is one episode only, which says nothing. By models the ensemble's spread: rollouts from the same starts are not independent */
  readonly standardError: number;
  /** the worst decile: the 90 % quantile of a cost, the 10 % quantile of a return */
  readonly p10: number;
}

export interface ScoreSummary {
  /** per step, undiscounted */
  readonly cost: Spread;
  /** discounted */
  readonly return: Spread;
}

export interface PolicySummary extends ScoreSummary {
  readonly policy: number;
  readonly sha256: string;
  /** what the models said beforehand; null when predicted.json is not there */
  readonly promised: ScoreSummary | null;
  readonly violations: Violations;
  /** by models; else null */
  readonly ensembleSpread: EnsembleSpread | null;
}

/** One policy of an iteration, picked out. */
export interface PickedPolicy {
  readonly policy: number;
  /** mean cost per step and mean return */
  readonly cost: number;
  readonly return: number;
}

/** What was recommended before the deployment, by what really happened. */
export interface RecommendedPick {
  /** 1 … K; null: keep the present controller */
  readonly policy: number | null;
  /** of that policy; of the recorded behaviour where it is to be kept; null where that was not evaluated */
  readonly cost: number | null;
  readonly return: number | null;
  /** in one sentence, in English; null in runs of an earlier version */
  readonly reason: string | null;
  /** the same, to be said in any language; absent in runs of earlier versions */
  readonly sentence?: Sentence;
}

export interface IterationSummary {
  readonly iteration: number;
  /** whether real episodes or, for a plant, the models tell the scores */
  readonly by: 'episodes' | 'models';
  /** real episodes, or rollouts, that each policy was scored on */
  readonly episodes: number;
  readonly policies: readonly PolicySummary[];
  readonly references: Readonly<Record<string, ScoreSummary>>;
  readonly probe: PolicySummary | null;
  readonly coverage: number;
  readonly minLsed: number;
  /** average of the policies' means */
  readonly mean: { readonly cost: number; readonly return: number };
  /** by real mean return; ties to the lower policy */
  readonly best: PickedPolicy;
  readonly worst: PickedPolicy;
  readonly recommended: RecommendedPick;
  /** gradient steps skipped because they were not finite */
  readonly nonFinite: number;
}

/** What somebody who approves has to decide about. */
export interface PendingDecision {
  readonly iteration: number;
  /** 1 … K; null: keep the present controller */
  readonly recommended: number | null;
  /** in one sentence, in English; null in runs of an earlier version */
  readonly reason: string | null;
  /** the same, to be said in any language; absent in runs of earlier versions */
  readonly sentence?: Sentence;
  /** each policy's verdict and the numbers behind it; empty in runs of an earlier version */
  readonly policies: Recommendation['policies'];
}

/** `ibrl show RUN --json`. Iterations appear once they are evaluated. */
export interface RunSummary {
  readonly id: string;
  readonly name: string;
  readonly state: ObservedState;
  readonly attempt: number;
  readonly iterations: readonly IterationSummary[];
  /** while the run awaits approval, else null */
  readonly pending: PendingDecision | null;
  /** how far each iteration's models can be believed; there once they are fitted */
  readonly reliability: readonly IterationReliability[];
  /** where the run is now; null before its first progress and once it is done */
  readonly progress: { readonly iteration: number; readonly phase: Phase; readonly done: number; readonly total: number } | null;
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly sentence?: Sentence; readonly iteration: number; readonly metrics?: Readonly<Record<string, number>> }[];
  /** gradient steps skipped in the whole run */
  readonly nonFinite: number;
  /** why the run failed, or null */
  readonly failure: { readonly code: string; readonly message: string; readonly sentences?: readonly Sentence[] } | null;
}
