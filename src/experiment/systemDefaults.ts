import type { SystemSettings } from './experiment';
import { describeSystemOfKind } from './systems';

type BySystem = Readonly<Record<SystemSettings['kind'], unknown>>;

/**
 * Defaults that differ from system to system, by the setting's dotted path. All others stand in the schema, beside
 * their setting. (`diversity.over` follows from the bounds.)
 */
export const systemDefaults: Readonly<Record<string, BySystem>> = {
  'bounds': {
    'grid-2d': { x: [0, 10], y: [0, 10] },
    'industrial-benchmark': { percentiles: [5, 95] },
  },
  'data.generate.behaviour': { 'grid-2d': 'nearer-target', 'industrial-benchmark': 'optimized' },
  'data.generate.epsilon': { 'grid-2d': 0.1, 'industrial-benchmark': 0.4 },
  'data.generate.episodes': { 'grid-2d': 20, 'industrial-benchmark': 5 },
  'data.generate.steps': { 'grid-2d': 25, 'industrial-benchmark': 1000 },
  'deployment.evaluate': { 'grid-2d': 100, 'industrial-benchmark': 20 },
  'deployment.evaluateSteps': { 'grid-2d': 25, 'industrial-benchmark': 1000 },
  'deployment.steps': { 'grid-2d': 25, 'industrial-benchmark': 1000 },
  'diversity.weight': { 'grid-2d': 0.01, 'industrial-benchmark': 0 },
  'models.batch': { 'grid-2d': 100, 'industrial-benchmark': 256 },
  'models.hidden': { 'grid-2d': [24, 24], 'industrial-benchmark': [48, 48] },
  'models.history': { 'grid-2d': 1, 'industrial-benchmark': 20 },
  'models.inputs': { 'grid-2d': ['x', 'y'], 'industrial-benchmark': ['velocity', 'gain', 'shift'] },
  'models.laterUpdates': { 'grid-2d': 1000, 'industrial-benchmark': 2000 },
  'models.learningRate': { 'grid-2d': 5e-3, 'industrial-benchmark': 3e-3 },
  'models.members': { 'grid-2d': 4, 'industrial-benchmark': 3 },
  'models.reward': {
    'grid-2d': describeSystemOfKind('grid-2d').reward.default,
    'industrial-benchmark': describeSystemOfKind('industrial-benchmark').reward.default,
  },
  'models.updates': { 'grid-2d': 1000, 'industrial-benchmark': 3000 },
  'policies.history': { 'grid-2d': 1, 'industrial-benchmark': 12 },
  'policies.inputs': { 'grid-2d': ['x', 'y'], 'industrial-benchmark': ['velocity', 'gain', 'shift'] },
  'search.discount': { 'grid-2d': 0.99, 'industrial-benchmark': 1 },
  'search.horizon': { 'grid-2d': 25, 'industrial-benchmark': 50 },
  'search.learningRate': { 'grid-2d': 5e-3, 'industrial-benchmark': 3e-3 },
  'search.starts.count': { 'grid-2d': 16, 'industrial-benchmark': 12 },
  'search.starts.from': { 'grid-2d': 'first', 'industrial-benchmark': 'rows' },
  'search.updates': { 'grid-2d': 300, 'industrial-benchmark': 250 },
};
