import type { ActionVariable, StateVariable, SystemDescription, SystemSettings } from './experiment';

/** The simulators that are part of this program. */
export const shippedKinds = ['grid-2d', 'industrial-benchmark'] as const satisfies readonly SystemSettings['kind'][];

/** The kinds of system that can be controlled. */
export const systemKinds = [...shippedKinds, 'plant', 'program'] as const satisfies readonly SystemSettings['kind'][];

export type ShippedKind = (typeof shippedKinds)[number];

/** Whether the system is a simulator of ours, which needs no declared variables. */
export function isShipped(kind: SystemSettings['kind']): kind is ShippedKind {
  return (shippedKinds as readonly string[]).includes(kind);
}

/**
 * What is known of a shipped simulator before any recording. Where an experiment is at hand, use `describeExperiment`.
 *
 * @throws RangeError for plants and programs, which only the experiment describes
 */
export function describeSystem(settings: SystemSettings): SystemDescription {
  if (!isShipped(settings.kind)) throw new RangeError(`A system of kind ${settings.kind} is described by its experiment's variables.`);
  return describeSystemOfKind(settings.kind);
}

/** The same by kind alone: no setting of a simulator changes its names, units, ranges or formulas. */
export function describeSystemOfKind(kind: ShippedKind): SystemDescription {
  switch (kind) {
    case 'grid-2d':
      return grid2d;
    case 'industrial-benchmark':
      return industrialBenchmark;
  }
}

const gridStarts = {
  uniform: { x: [0, 10], y: [0, 10] },
  corner: { x: [5, 10], y: [0, 5] },
  far: { x: [6, 10], y: [6, 10] },
} as const;

/** Where episodes of a shipped simulator begin, [low, high] by state; empty where that is not known. */
export function startRegion(settings: SystemSettings): Readonly<Record<string, readonly [number, number]>> {
  switch (settings.kind) {
    case 'grid-2d':
      return gridStarts[settings.start];
    case 'industrial-benchmark':
      return { velocity: [50, 50], gain: [50, 50], shift: [50, 50] };
    default:
      return {};
  }
}

/** Names of the states that a bound can hold exactly: those that follow from exactly one action by a constant gain. */
export function steeredVariables(description: SystemDescription): string[] {
  return description.states.filter((state) => state.next?.kind === 'affine').map((state) => state.name);
}

/**
 * A point in the plane that moves by its action: s′ = s + a, not clipped and without noise. The reward of the new
 * position is a Gaussian bell around (3, 6), arXiv 2205.10629's 2D world. The range is that of the start boxes.
 */
const grid2d: SystemDescription = {
  kind: 'grid-2d',
  states: [position('x', 'dx'), position('y', 'dy')],
  actions: [steering('dx'), steering('dy')],
  behaviours: ['do-nothing', 'random', 'nearer-target', 'straight-to-goal'],
  reward: {
    scale: 1,
    formula: { kind: 'gaussian', centre: { x: 3, y: 6 }, width: 1.5 },
    default: 'learned',
  },
};

/** sin 15°, written out because engines may differ in the last bit of Math.sin. */
const sine15 = 0.2588190451025208;

/**
 * The Industrial Benchmark, arXiv 1709.09480: three steerings that follow their actions by formula, fatigue and
 * consumption that do not. The setpoint is taken to stay as it is, which is also the best known forecast of a varying
 * one. The range of consumption is the one that is declared; the plant can exceed it.
 */
const industrialBenchmark: SystemDescription = {
  kind: 'industrial-benchmark',
  states: [
    { name: 'setpoint', unit: '1', range: [0, 100], source: 'known', predict: 'change', logFloor: null, next: { kind: 'constant' } },
    steered('velocity', 'steerVelocity', 1),
    steered('gain', 'steerGain', 10),
    steered('shift', 'steerShift', ((sine15 / 0.9) * 100) / 5),
    { name: 'fatigue', unit: '1', range: [0, 300], source: 'learned', predict: 'value', logFloor: null, next: null },
    { name: 'consumption', unit: '1', range: [0, 1000], source: 'learned', predict: 'value', logFloor: 5, next: null },
  ],
  actions: [steering('steerVelocity'), steering('steerGain'), steering('steerShift')],
  behaviours: ['do-nothing', 'random', 'hold', 'bad', 'mediocre', 'optimized', 'shift-oscillator'],
  reward: {
    scale: 200,
    formula: { kind: 'linear', weights: { fatigue: -3, consumption: -1 } },
    default: 'formula',
  },
};

function position(name: string, action: string): StateVariable {
  return {
    name,
    unit: '1',
    range: [0, 10],
    source: 'learned',
    predict: 'change',
    logFloor: null,
    next: { kind: 'affine', action, gain: 1, clip: false },
  };
}

function steered(name: string, action: string, gain: number): StateVariable {
  return {
    name,
    unit: '1',
    range: [0, 100],
    source: 'known',
    predict: 'change',
    logFloor: null,
    next: { kind: 'affine', action, gain, clip: true },
  };
}

function steering(name: string): ActionVariable {
  return { name, unit: '1', range: [-1, 1], maxChange: null };
}
