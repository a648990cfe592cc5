import type { SystemSettings } from './experiment';

/** What an empty file begins with, by the kind of system; everything else has a default. */
export const templates: Readonly<Record<SystemSettings['kind'], string>> = {
  'grid-2d': `ibrl: 1
name: 2D world
system: { kind: grid-2d, start: far }
bounds:
  x: [0, 10]
  y: [0, 10]
iterations: 4
seed: 1
`,
  'industrial-benchmark': `ibrl: 1
name: Industrial Benchmark
system: { kind: industrial-benchmark, setpoint: 70 }
bounds:
  velocity: [30, 50]
  gain: [40, 85]
  shift: [40, 90]
iterations: 4
seed: 1
`,
  plant: `ibrl: 1
name: My plant
system: { kind: plant }

# what is measured, and what is set
variables:
  level: { role: state, unit: m, range: [0, 4] }
  valve: { role: state, unit: "%", range: [0, 100], next: valve + valveMove }
  valveMove: { role: action, unit: "%", range: [-5, 5] }

data:
  files: [recordings.csv]
  samplingTime: 10 # s

# of the new level
reward: -(level - 2)^2

bounds:
  valve: [20, 80]
iterations: 3
seed: 1
`,
  program: `ibrl: 1
name: My simulator
system: { kind: program, command: [python3, simulator.py], timeout: 10 }

# what is measured, and what is set
variables:
  level: { role: state, unit: m, range: [0, 10] }
  valve: { role: state, unit: '1', range: [0, 1], next: valve + turn }
  turn: { role: action, unit: '1', range: [-0.1, 0.1] }

data:
  generate: { behaviour: random, epsilon: 0, episodes: 8, steps: 60 }

bounds:
  valve: [0.2, 0.9]
iterations: 2
seed: 1
`,
};
