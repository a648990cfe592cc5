import type { SystemSettings } from '../../experiment/experiment';
import { describeSystem } from '../../experiment/systems';
import { Grid2d } from './grid2d';
import { IndustrialBenchmark } from './industrialBenchmark';
import type { Simulator } from './simulator';

/**
 * The simulator of a system; `reset` it before the first step.
 *
 * @param episodes number of episodes that are stepped together, at least 1
 * @throws RangeError when `episodes` is no positive integer
 */
export function createSimulator(settings: SystemSettings, episodes: number): Simulator {
  if (!Number.isInteger(episodes) || episodes < 1) throw new RangeError(`A simulator needs one episode at least, not ${episodes}.`);
  const description = describeSystem(settings);
  switch (settings.kind) {
    case 'grid-2d':
      return new Grid2d(description, episodes, settings.start);
    case 'industrial-benchmark':
      return new IndustrialBenchmark(description, episodes, settings.setpoint, settings.setpointProcess);
    default:
      throw new RangeError(`A system of kind ${settings.kind} is not a simulator of ours.`);
  }
}
