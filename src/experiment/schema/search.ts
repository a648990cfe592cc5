import { Type } from 'typebox';
import { mostVariables } from './data';
import { largestWeight } from './node';

/** Sections that say what is fitted and searched, and what follows: diversity, policies, models, search, deployment. */

const names = (title: string, description: string, effect: string) =>
  Type.Optional(Type.Array(Type.String(), { title, description, effect, minItems: 1, maxItems: mostVariables, uniqueItems: true }));

const hidden = (options: { description: string; default?: number[] }) =>
  Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: 1024 }), {
      title: 'Hidden layers',
      effect: 'Wider is slower and needs more data.',
      unit: 'units',
      minItems: 1,
      maxItems: 8,
      ...options,
    }),
  );

const count = (title: string, description: string, maximum: number, more: { effect?: string; unit?: string; default?: number } = {}) =>
  Type.Optional(Type.Integer({ title, description, minimum: 1, maximum, ...more }));

const learningRate = Type.Optional(
  Type.Number({
    title: 'Learning rate',
    description: 'First step size of Adam; it falls to zero along a cosine.',
    unit: '1',
    exclusiveMinimum: 0,
    maximum: 1,
  }),
);

const warmStart = (what: string) =>
  Type.Optional(
    Type.Boolean({
      title: 'Warm start',
      description: `Each iteration begins with the ${what} of the one before, with a fresh optimiser.`,
      effect: 'Without it, each iteration begins from random networks and usually ends worse.',
      default: true,
    }),
  );

export const diversity = Type.Object(
  {
    measure: Type.Optional(
      Type.Enum(['none', 'lsed', 'min-lsed', 'min-lsed-global'], {
        title: 'Measure',
        description:
          'How the difference of the policies is rewarded: not at all; mean distance of all pairs; each policy\'s distance to its nearest partner; distance of the closest pair only.',
        effect: 'With `lsed` one outlier can earn the whole reward; the minimum forms spread all policies.',
        default: 'min-lsed',
      }),
    ),
    over: names(
      'Over',
      'State variables in which trajectories are compared. Default: the bounded variables, or else the states among `policies.inputs`.',
      'Variables that are a cost rather than a place should stay out.',
    ),
    weight: Type.Optional(
      Type.Union([Type.Number({ minimum: 0, maximum: largestWeight }), Type.Array(Type.Number({ minimum: 0, maximum: largestWeight }), { minItems: 1 })], {
        title: 'Weight',
        description: 'Weight α_d of the distance in the loss: one number, or one for each iteration.',
        effect: 'The useful range is narrow: too small does nothing, too large costs return. A last weight of 0 lets the last iteration cash in.',
        unit: '1',
      }),
    ),
    cap: Type.Optional(
      Type.Union([Type.Number({ exclusiveMinimum: 0, maximum: largestWeight }), Type.Null()], {
        title: 'Cap',
        description: 'Largest distance that is still rewarded; null for no limit.',
        unit: 'standard deviations of a uniform point within the bounds',
        default: null,
      }),
    ),
  },
  { title: 'Diversity', description: 'Makes the policies deliberately different, so that their recordings teach more.', additionalProperties: false },
);

export const policies = Type.Object(
  {
    count: count('Number of policies', 'How many policies K are searched together and deployed in each iteration.', 64, {
      effect: 'More policies record more per iteration, and take longer.',
      unit: 'policies',
      default: 4,
    }),
    hidden: hidden({ description: 'Width of each hidden layer of a policy.', default: [32, 32] }),
    history: count('History', 'Frames that a policy sees, the present one included.', 200, { unit: 'frames' }),
    inputs: names('Inputs', 'What a policy sees of each frame: names of states, of disturbances, or of actions (the one that led to the frame). Default for plants and programs: all states and disturbances.', 'Noisy or delayed variables rarely help.'),
    warmStart: warmStart('policies'),
    replaceWorst: Type.Optional(
      Type.Integer({
        title: 'Replace the worst',
        description: 'So many of the policies that cost most in their own deployment begin the next iteration near the one that cost least, instead of where they were.',
        effect: 'The average ends better, since no policy stays in a dead end; the policies end closer together. For exploitation, not together with diversity.',
        unit: 'policies',
        minimum: 0,
        maximum: 63,
        default: 0,
      }),
    ),
  },
  { title: 'Policies', description: 'The networks that choose actions.', additionalProperties: false },
);

export const models = Type.Object(
  {
    members: count('Members', 'Number of transition models in the ensemble.', 32, { effect: 'More members expose where the data say little.', unit: 'models' }),
    hidden: hidden({ description: 'Width of each hidden layer of a model.' }),
    history: count('History', 'Frames that a model sees, the present one included.', 200, { effect: 'Must cover the plant\'s delays.', unit: 'frames' }),
    inputs: names('Inputs', 'What a model sees of each frame beside the next action: names of states, of disturbances, or of actions. Default for plants and programs: all states and disturbances.', 'A predicted variable among the inputs feeds its own error back.'),
    updates: count('Updates', 'Gradient steps in the first iteration, for each member.', 1_000_000, { unit: 'gradient steps' }),
    laterUpdates: count('Later updates', 'Gradient steps in each later iteration.', 1_000_000, { unit: 'gradient steps' }),
    batch: count('Batch size', 'Rows in one gradient step, for each member.', 65_536, { unit: 'rows' }),
    learningRate,
    holdout: Type.Optional(
      Type.Number({
        title: 'Hold-out share',
        description: 'Share of the episodes, or of time blocks where there are few, that is kept for checking the models.',
        unit: 'share of rows',
        exclusiveMinimum: 0,
        maximum: 0.5,
        default: 0.1,
      }),
    ),
    patience: count('Patience', 'Gradient steps without a better hold-out error after which fitting ends.', 1_000_000, { unit: 'gradient steps', default: 1000 }),
    bootstrap: Type.Optional(
      Type.Boolean({ title: 'Bootstrap', description: 'Each member is fitted on its own resample of the batch.', effect: 'Makes the members disagree where data are few.', default: true }),
    ),
    warmStart: warmStart('models'),
    reward: Type.Optional(
      Type.Enum(['learned', 'formula'], { title: 'Reward', description: 'Whether rollouts are rewarded by a fitted model or by the system\'s own formula. Default for plants and programs: the formula, where `reward` is one.' }),
    ),
    rewardWeight: Type.Optional(
      Type.Number({
        title: 'Reward weight',
        description: 'Weight of a learned reward\'s squared error against the mean one of the variables.',
        unit: '1',
        minimum: 0,
        maximum: largestWeight,
        default: 4,
      }),
    ),
    rewardScale: Type.Optional(
      Type.Union([Type.Number({ minimum: 1e-20, maximum: 1e20 }), Type.Null()], {
        title: 'Reward scale',
        description: 'Size of a reward that counts as 1 in the loss; null takes the system\'s (2D world 1, Industrial Benchmark 200; plants and programs the larger of mean size and standard deviation in the first batch).',
        effect: 'A larger scale makes safety and diversity weigh more.',
        unit: 'reward',
        default: null,
      }),
    ),
  },
  { title: 'Models', description: 'The transition and reward models that are fitted on the batch.', additionalProperties: false },
);

export const search = Type.Object(
  {
    horizon: count('Horizon', 'Length H of a rollout through the models.', 1000, { effect: 'Too short misses late effects; long is slow and trusts the models more.', unit: 'steps' }),
    discount: Type.Optional(Type.Number({ title: 'Discount', description: 'Factor γ by which a reward counts less with each step.', unit: '1', exclusiveMinimum: 0, maximum: 1 })),
    starts: Type.Optional(
      Type.Union(
        [
          Type.Integer({ minimum: 1, maximum: 10_000 }),
          Type.Object(
            {
              count: count('Count', 'Rollouts in one update, from one draw common to all policies.', 10_000, { unit: 'rollouts' }),
              from: Type.Optional(
                Type.Enum(['rows', 'first'], { title: 'Drawn from', description: 'All rows of the batch, or first rows of the episodes only.' }),
              ),
              firstShare: Type.Optional(
                Type.Number({
                  title: 'Share of first rows',
                  description: 'With `rows`: share of the starts that is drawn from first rows all the same.',
                  unit: 'share of starts',
                  minimum: 0,
                  maximum: 1,
                  default: 0.1,
                }),
              ),
            },
            { title: 'Starts', description: 'Count and origin of the starts.', additionalProperties: false },
          ),
        ],
        { title: 'Starts', description: 'Where rollouts begin. A bare number is the count.' },
      ),
    ),
    members: Type.Optional(
      Type.Enum(['all', 'one'], {
        title: 'Members in use',
        description: 'Each start is rolled out through every member, or through one of them.',
        effect: '`all` costs more time and averages the models\' errors out.',
        default: 'all',
      }),
    ),
    pessimism: Type.Optional(
      Type.Enum(['none', 'minimum'], {
        title: 'Pessimism',
        description: '`minimum` counts only the member with the worst return; it needs `members: all`.',
        default: 'none',
      }),
    ),
    updates: count('Updates', 'Gradient steps on the policies in each iteration.', 1_000_000, { effect: 'More is not always better: policies learn to exploit the models\' errors.', unit: 'gradient steps' }),
    learningRate,
    clip: Type.Optional(
      Type.Number({ title: 'Gradient clip', description: 'Largest gradient norm of one policy; a larger gradient is scaled down to it.', unit: '1', exclusiveMinimum: 0, maximum: largestWeight, default: 1 }),
    ),
  },
  { title: 'Search', description: 'How the policies are optimised on rollouts through the models.', additionalProperties: false },
);

export const deployment = Type.Object(
  {
    approval: Type.Optional(
      Type.Enum(['automatic', 'manual'], {
        title: 'Approval',
        description: 'Whether the policies are deployed at once or wait until somebody has looked at what changes. For a plant always `manual`.',
      }),
    ),
    episodes: count('Episodes', 'Episodes that each policy records in each iteration; they join the batch.', 1000, { unit: 'episodes' }),
    steps: count('Length of an episode', 'Transitions in each of these episodes.', 100_000, { unit: 'steps' }),
    evaluate: count('Evaluation episodes', 'Separate episodes on which each policy is scored, with seeds common to all; never added to the batch.', 10_000, {
      effect: 'Below 20 the standard error and the worst decile mean little.',
      unit: 'episodes',
    }),
    evaluateSteps: count('Length of an evaluation episode', 'Transitions in each evaluation episode.', 100_000, { unit: 'steps' }),
  },
  { title: 'Deployment', description: 'What happens with the policies of an iteration.', additionalProperties: false },
);
