/** A limit of a health sign, and where it comes from. */
export interface HealthThreshold {
  readonly value: number;
  readonly origin: string;
}

/**
 * Every threshold of every sign. docs/health-signs.md shows this table; a test compares the two. "Trial" is the example grid-2d over the
 * seeds 101 to 120, four iterations each; the seeds 1 to 20 were kept to count false alarms.
 */
export const healthThresholds = {
  conflictCosine: { value: -0.9, origin: 'least in the trial −0.86; with safety.objective.weight 0.05, which holds policies to a behaviour that never meets the goal, −0.96 to −0.97' },
  conflictRatio: { value: 0.1, origin: 'ours: a gradient ten times smaller than the other changes little' },
  dominanceRatio: { value: 1, origin: 'by meaning: the larger gradient decides' },
  dominanceLoss: { value: 0.02, origin: 'ours: 2 % of the reward scale for each step is worth a word' },
  dominanceShare: { value: 0.25, origin: 'never together with the two above in the trial; five times the example’s diversity weight gives 0.58 to 0.61' },
  coverageGain: { value: 0.005, origin: 'by meaning: less than one of a hundred cells' },
  coverageEnough: { value: 0.3, origin: 'where the trial stood still it had visited at least 0.34, but for one run at 0.25' },
  boundNear: { value: 0.01, origin: 'ours: 1 % of the width of the bounds' },
  boundShare: { value: 0.8, origin: 'most in the trial 0.70; bounds that shut the goal out give 0.98' },
  sameFrame: { value: 0.04, origin: 'least in the trial 0.058; the same corner visited again gives 0.0001' },
  policyRange: { value: 0.5, origin: 'ours: half a reward scale for each step' },
  policyRangeDiverse: { value: 0.85, origin: 'in the trial 0.77 or less in 78 of 80 iterations; beyond that diversity sends one policy elsewhere' },
  memberSpread: { value: 0.2, origin: 'most in the trial 0.11; models of five updates 0.24 to 0.31' },
  promiseGap: { value: 0.6, origin: 'in the trial 0.58 or less in 77 of 80 iterations; models of 20 updates 0.79 to 0.81' },
  rangeMargin: { value: 0.5, origin: 'ours: half of the recorded width on either side' },
  rangeShare: { value: 0.05, origin: 'none in trials of industrial-benchmark; a model of one update on ten rows 0.51' },
  behaviourGain: { value: -0.5, origin: 'a uniformly random behaviour, which a Gaussian fits badly, gives −0.19; a Gaussian that knows nothing of actions at both ends −0.73; least in the trial 0.33' },
  supportShare: { value: 0.5, origin: 'ours: fewer than half of the actions; a soft weight of 0.05, too small to hold anything, gives 0.02, one of 0.5 after two iterations 0.94' },
} as const satisfies Readonly<Record<string, HealthThreshold>>;
