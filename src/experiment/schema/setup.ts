import { Type } from 'typebox';
import { mostVariables } from './data';
import { largestWeight } from './node';

/** Sections that say what is controlled, from which recordings, and what must hold: system, data, bounds, safety. */

const grid2d = Type.Object(
  {
    kind: Type.Literal('grid-2d', { title: 'Kind of system' }),
    start: Type.Optional(
      Type.Enum(['uniform', 'corner', 'far'], {
        title: 'Start region',
        description: 'Where episodes begin: anywhere in [0, 10]², in the corner [5, 10] × [0, 5], or far from the goal in [6, 10]².',
        effect: 'The narrower and the farther from the goal, the less of the reward the first recordings show.',
        default: 'uniform',
      }),
    ),
  },
  {
    title: '2D world',
    description: 'A point that moves in the plane by its action and is rewarded near (3, 6). States x, y; actions dx, dy.',
    additionalProperties: false,
  },
);

const industrialBenchmark = Type.Object(
  {
    kind: Type.Literal('industrial-benchmark', { title: 'Kind of system' }),
    setpoint: Type.Optional(
      Type.Number({
        title: 'Setpoint',
        description: 'The load that the plant must follow; with a varying setpoint, the first one.',
        effect: 'A higher setpoint makes every operating point dearer.',
        unit: '1',
        minimum: 0,
        maximum: 100,
        default: 70,
      }),
    ),
    setpointProcess: Type.Optional(
      Type.Enum(['fixed', 'varying'], {
        title: 'Setpoint process',
        description: 'Whether the setpoint stays as it is within an episode or wanders in random ramps.',
        effect: 'With `varying`, add `setpoint` to the inputs of policies and models, or they cannot react to it.',
        default: 'fixed',
      }),
    ),
  },
  {
    title: 'Industrial Benchmark',
    description:
      'A simulated plant with delayed and hidden effects. States setpoint, velocity, gain, shift, fatigue, consumption; ' +
      'actions steerVelocity, steerGain, steerShift; cost 3 · fatigue + consumption.',
    additionalProperties: false,
  },
);

const plant = Type.Object(
  { kind: Type.Literal('plant', { title: 'Kind of system' }) },
  {
    title: 'Plant',
    description: 'Known only by recordings: `data.files`. Its variables are declared under `variables`, its reward under `reward`; policies leave by export and come back as recordings.',
    additionalProperties: false,
  },
);

const program = Type.Object(
  {
    kind: Type.Literal('program', { title: 'Kind of system' }),
    command: Type.Array(Type.String({ minLength: 1, maxLength: 1000 }), {
      title: 'Command',
      description: 'The program and its arguments, run in the experiment\'s folder without a shell, for example `[python3, tank.py]`.',
      effect: 'It runs with your rights. Open experiments of strangers as untrusted.',
      minItems: 1,
      maxItems: 100,
    }),
    timeout: Type.Optional(
      Type.Number({ title: 'Time limit', description: 'Longest wait for one answer of the program.', unit: 's', exclusiveMinimum: 0, maximum: 3600, default: 10 }),
    ),
  },
  {
    title: 'Simulator program',
    description: 'A simulator of your own that is asked over its standard input and output. Its variables are declared under `variables`.',
    additionalProperties: false,
  },
);

export const system = Type.Union([grid2d, industrialBenchmark, plant, program], {
  title: 'System',
  description: 'What is controlled. The kind decides which variables and actions there are and many defaults.',
});

const interval = Type.Tuple([Type.Number({ title: 'Low' }), Type.Number({ title: 'High' })], {
  title: 'Bound',
  description: 'Lowest and highest allowed value, in the variable\'s own unit.',
});

export const bounds = Type.Union(
  [
    Type.Object(
      {
        percentiles: Type.Tuple(
          [Type.Number({ title: 'Low', minimum: 0, maximum: 100 }), Type.Number({ title: 'High', minimum: 0, maximum: 100 })],
          { title: 'Percentiles', description: 'Percentiles of the first batch that become the bounds.', unit: '%' },
        ),
      },
      {
        title: 'Bounds from the recordings',
        description:
          'Applies to every variable that follows one action by formula: x, y in the 2D world; velocity, gain, shift in the Industrial Benchmark.',
        additionalProperties: false,
      },
    ),
    Type.Record(Type.String(), interval, { title: 'Bounds by variable', maxProperties: mostVariables, description: 'Name of a state variable: its [low, high].' }),
  ],
  {
    title: 'Bounds',
    description: 'What must hold, by variable, for example `velocity: [30, 50]`; or `percentiles: [5, 95]` of the first batch. `{}` means none.',
    effect: 'Bounds limit the policies (see safety), scale the networks\' inputs and give diversity its unit of distance.',
  },
);

const weight = (title: string, description: string, effect: string) =>
  Type.Optional(Type.Number({ title, description, effect, unit: '1', minimum: 0, maximum: largestWeight, default: 0 }));

export const safety = Type.Object(
  {
    constrain: Type.Optional(
      Type.Boolean({
        title: 'Constrain',
        description: 'Shrinks each policy\'s action range so that bounded variables cannot leave their bounds, whatever the network says.',
        effect: 'A guarantee on the real system, for variables that follow one action by formula.',
        default: true,
      }),
    ),
    soft: Type.Optional(
      Type.Object(
        {
          quantile: Type.Optional(
            Type.Number({
              title: 'Quantile',
              description: 'The penalty begins where an action is less likely under the behaviour policy than this quantile of the hold-out rows.',
              effect: 'A higher quantile keeps the policies closer to what was recorded.',
              unit: 'share of rows',
              exclusiveMinimum: 0,
              exclusiveMaximum: 1,
              default: 0.05,
            }),
          ),
          logDensity: Type.Optional(
            Type.Union([Type.Number({ minimum: -largestWeight, maximum: largestWeight }), Type.Null()], {
              title: 'Log density',
              description: 'The threshold log δ as a number, in place of the quantile; null uses the quantile.',
              unit: 'nat',
              default: null,
            }),
          ),
          weight: weight('Weight', 'Weight α_s of the penalty in the loss.', 'At 0 the penalty is off.'),
          clip: Type.Optional(
            Type.Number({ title: 'Clip', description: 'Largest penalty of one step.', unit: 'nat', exclusiveMinimum: 0, maximum: largestWeight, default: 20 }),
          ),
        },
        { title: 'Soft constraint', description: 'Penalises actions that the behaviour policy would hardly take.', additionalProperties: false },
      ),
    ),
    objective: Type.Optional(
      Type.Object(
        { weight: weight('Weight', 'Weight of the squared distance to the behaviour policy\'s mean action.', 'At 0 it is off; larger keeps closer to the behaviour.') },
        { title: 'Safety as an objective', description: 'Pulls the policies towards the behaviour policy.', additionalProperties: false },
      ),
    ),
    violation: Type.Optional(
      Type.Object(
        { weight: weight('Weight', 'Weight of the predicted violation of the bounds, in widths of the bounds.', 'At 0 it is off. The only protection for variables that no formula ties to an action.') },
        { title: 'Predicted violation', description: 'Penalises rollouts in which the models predict that a bound is left.', additionalProperties: false },
      ),
    ),
  },
  { title: 'Safety', description: 'How the policies are kept safe; the forms may be combined.', additionalProperties: false },
);
