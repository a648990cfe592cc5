import { Type } from 'typebox';

/** Sections that say what is recorded and what it means: data, variables, reward. */

/** Names are compared with one another, so that there must not be any number of them. */
export const mostVariables = 200;

const generate = Type.Object(
  {
    behaviour: Type.Optional(
      Type.String({
        title: 'Behaviour',
        description:
          'The scripted policy that records the first batch. 2D world: do-nothing, random, nearer-target, straight-to-goal. ' +
          'Industrial Benchmark: do-nothing, random, hold, bad, mediocre, optimized, shift-oscillator. Programs: do-nothing, random.',
        effect: 'The first models know only what this policy has visited.',
      }),
    ),
    epsilon: Type.Optional(
      Type.Number({
        title: 'Exploration',
        description: 'Probability that a step takes a uniformly random action instead of the behaviour\'s own.',
        effect: 'More exploration gives models more to learn from, and dearer recordings.',
        unit: 'share of steps',
        minimum: 0,
        maximum: 1,
      }),
    ),
    episodes: Type.Optional(
      Type.Integer({ title: 'Recorded episodes', description: 'Number of episodes in the first batch.', unit: 'episodes', minimum: 1, maximum: 10_000 }),
    ),
    steps: Type.Optional(
      Type.Integer({ title: 'Length of a recorded episode', description: 'Transitions in each of these episodes.', unit: 'steps', minimum: 2, maximum: 100_000 }),
    ),
  },
  { title: 'Generated recordings', description: 'Makes the first batch with a scripted policy in the simulator.', additionalProperties: false },
);

const heading = (title: string, description: string) => Type.String({ title, description, minLength: 1, maxLength: 200 });

export const data = Type.Object(
  {
    generate: Type.Optional(generate),
    files: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), {
        title: 'Files',
        description: 'CSV files with a header, relative to the experiment\'s folder. Plants only, and there required.',
        minItems: 1,
        maxItems: 1000,
        uniqueItems: true,
      }),
    ),
    columns: Type.Optional(
      Type.Record(Type.String(), heading('Heading', 'The heading of the variable\'s column.'), {
        title: 'Columns',
        maxProperties: mostVariables,
        description: 'Name of a variable: the heading of its column, for example `level: LT101`. A variable that is not named here has a column of its own name.',
      }),
    ),
    time: Type.Optional(
      heading('Time', 'Heading of the column that holds the time, in seconds or as dates. Without it, rows follow one another by the sampling time.'),
    ),
    samplingTime: Type.Optional(
      Type.Number({ title: 'Sampling time', description: 'From one row to the next. Required for plants.', unit: 's', exclusiveMinimum: 0, maximum: 1e9 }),
    ),
    episodes: Type.Optional(
      Type.Union(
        [
          Type.Object(
            { column: heading('Episode column', 'Heading of a column that changes where a new episode begins.') },
            { title: 'Episodes by column', description: 'A new episode begins where a column changes.', additionalProperties: false },
          ),
          Type.Object(
            {
              gap: Type.Number({ title: 'Longest pause', description: 'A longer pause begins a new episode; it needs `data.time`.', unit: 's', exclusiveMinimum: 0 }),
            },
            { title: 'Episodes by pause', description: 'A new episode begins after a pause.', additionalProperties: false },
          ),
        ],
        { title: 'Episodes', description: 'Where a new episode begins within a file, by a column or after a pause, not both; without it, with each file only.' },
      ),
    ),
    where: Type.Optional(
      Type.String({
        title: 'Row filter',
        description: 'Rows for which this does not hold are left out, for example `mode == 1 && level > 0.1`. Names are variables or headings of other columns, which hold numbers.',
        effect: 'Keeps manual operation and maintenance out of the batch; an episode ends there.',
        minLength: 1,
        maxLength: 2000,
      }),
    ),
  },
  { title: 'Data', description: 'Where the first batch comes from: `generate` in simulators, `files` for a plant.', additionalProperties: false },
);

const variable = Type.Object(
  {
    role: Type.Enum(['state', 'action', 'exogenous'], {
      title: 'Role',
      description: 'Measured and predicted (`state`), set by the policy (`action`), or a disturbance that no policy moves (`exogenous`).',
    }),
    unit: Type.Optional(Type.String({ title: 'Unit', description: 'The unit of all its numbers, for people.', maxLength: 40, default: '1' })),
    range: Type.Tuple([Type.Number({ title: 'Low' }), Type.Number({ title: 'High' })], {
      title: 'Range',
      description: 'Lowest and highest possible value, in the unit. Of an action: what may be set.',
    }),
    maxChange: Type.Optional(
      Type.Number({ title: 'Largest change', description: 'Actions: largest change from one sample to the next, in the unit. Without it, any.', exclusiveMinimum: 0 }),
    ),
    predict: Type.Optional(
      Type.Enum(['change', 'value'], {
        title: 'Predict',
        description: 'States: whether models predict its change or its value. Default: change.',
        effect: 'Slow variables are better predicted by their change, quick or noisy ones by their value.',
      }),
    ),
    logFloor: Type.Optional(
      Type.Number({ title: 'Floor of the logarithm', description: 'States: predicted as the logarithm of max(value, floor), for variables that span decades.', exclusiveMinimum: 0 }),
    ),
    next: Type.Optional(
      Type.String({
        title: 'Next value',
        description: 'States that are known by formula: the next value from the values before the step and the action, for example `level + 0.1 * (inflow - valve)`.',
        effect: 'Exact in models too; a formula `x + k * action` can be kept within bounds exactly.',
        minLength: 1,
        maxLength: 2000,
      }),
    ),
  },
  { title: 'Variable', description: 'What is known of a variable before any recording.', additionalProperties: false },
);

export const variables = Type.Record(Type.String(), variable, {
  title: 'Variables',
  maxProperties: mostVariables,
  description: 'Names of the variables of a plant or program, for example `level: { role: state, unit: m, range: [0, 2] }`. The simulators that are part of IBRL Studio declare their own.',
});

export const reward = Type.Union(
  [
    Type.String({ minLength: 1, maxLength: 2000, title: 'Formula', description: 'Of the new states, the action and the values before the step as `previous.x`.' }),
    Type.Object(
      { column: heading('Column', 'Heading of the column that holds the reward of the step that led to the row.') },
      { title: 'Recorded reward', description: 'A column of a plant\'s files, learned by a model.', additionalProperties: false },
    ),
  ],
  {
    title: 'Reward',
    description:
      'What is to be maximised: a formula such as `-abs(level - 1) - 0.1 * (valve - previous.valve)^2`, or `{ column: r }` of a plant\'s files. ' +
      'Known are + - * /, powers ^ from 2 to 8, min, max, clamp, abs, exp, log, sqrt, tanh, where(condition, a, b). A program without it tells the reward itself.',
  },
);
