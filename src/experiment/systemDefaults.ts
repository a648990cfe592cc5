import type { SystemSettings } from './experiment';
import { describeSystemOfKind } from './systems';

/** A kind that is not there has no default of its own: its setting follows from the declared variables, or means nothing. */
type BySystem = Readonly<Partial<Record<SystemSettings['kind'], unknown>>>;

/**
 * Defaults that differ from system to system, by the setting's dotted path. All others stand in the schema, beside
 * their setting. (`diversity.over` follows from the bounds; of plants and programs, inputs and kind of reward from the
 * declared variables.)
 */
export const systemDefaults: Readonly<Record<string, BySystem>> = {
  'bounds': {
    'grid-2d': { x: [0, 10], y: [0, 10] },
    'industrial-benchmark': { percentiles: [5, 95] },
    plant: {},
    program: {},
  },
  'data.generate.behaviour': { 'grid-2d': 'nearer-target', 'industrial-benchmark': 'optimized', program: 'random' },
  'data.generate.epsilon': { 'grid-2d': 0.1, 'industrial-benchmark': 0.4, program: 0 },
  'data.generate.episodes': { 'grid-2d': 20, 'industrial-benchmark': 5, program: 10 },
  'data.generate.steps': { 'grid-2d': 25, 'industrial-benchmark': 1000, program: 100 },
  'deployment.approval': { 'grid-2d': 'automatic', 'industrial-benchmark': 'automatic', plant: 'manual', program: 'automatic' },
  'deployment.episodes': { 'grid-2d': 1, 'industrial-benchmark': 1, program: 1 },
  'deployment.evaluate': { 'grid-2d': 100, 'industrial-benchmark': 20, program: 20 },
  'deployment.evaluateSteps': { 'grid-2d': 25, 'industrial-benchmark': 1000, program: 100 },
  'deployment.steps': { 'grid-2d': 25, 'industrial-benchmark': 1000, program: 100 },
  'diversity.weight': { 'grid-2d': 0.01, 'industrial-benchmark': 0, plant: 0, program: 0 },
  'models.batch': { 'grid-2d': 100, 'industrial-benchmark': 256, plant: 256, program: 256 },
  'models.hidden': { 'grid-2d': [24, 24], 'industrial-benchmark': [48, 48], plant: [48, 48], program: [48, 48] },
  'models.history': { 'grid-2d': 1, 'industrial-benchmark': 20, plant: 10, program: 10 },
  'models.inputs': { 'grid-2d': ['x', 'y'], 'industrial-benchmark': ['velocity', 'gain', 'shift'] },
  'models.laterUpdates': { 'grid-2d': 1000, 'industrial-benchmark': 2000, plant: 2000, program: 2000 },
  'models.learningRate': { 'grid-2d': 5e-3, 'industrial-benchmark': 3e-3, plant: 3e-3, program: 3e-3 },
  'models.members': { 'grid-2d': 4, 'industrial-benchmark': 3, plant: 4, program: 4 },
  'models.reward': {
    'grid-2d': describeSystemOfKind('grid-2d').reward.default,
    'industrial-benchmark': describeSystemOfKind('industrial-benchmark').reward.default,
  },
  'models.updates': { 'grid-2d': 1000, 'industrial-benchmark': 3000, plant: 3000, program: 3000 },
  'policies.history': { 'grid-2d': 1, 'industrial-benchmark': 12, plant: 5, program: 5 },
  'policies.inputs': { 'grid-2d': ['x', 'y'], 'industrial-benchmark': ['velocity', 'gain', 'shift'] },
  'search.discount': { 'grid-2d': 0.99, 'industrial-benchmark': 1, plant: 0.99, program: 0.99 },
  'search.horizon': { 'grid-2d': 25, 'industrial-benchmark': 50, plant: 50, program: 50 },
  'search.learningRate': { 'grid-2d': 5e-3, 'industrial-benchmark': 3e-3, plant: 3e-3, program: 3e-3 },
  'search.starts.count': { 'grid-2d': 16, 'industrial-benchmark': 12, plant: 12, program: 12 },
  'search.starts.from': { 'grid-2d': 'first', 'industrial-benchmark': 'rows', plant: 'rows', program: 'rows' },
  'search.updates': { 'grid-2d': 300, 'industrial-benchmark': 250, plant: 250, program: 250 },
};
