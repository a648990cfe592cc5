import { steeredVariables } from '../experiment/systems';
import type { Batch } from '../learning/data/batch';
import { fitScales } from '../learning/data/scaling';
import { boundConstraints, resolveBounds } from '../learning/safety/bounds';
import type { Frame, RunContext } from './context';

/** Bounds and scales, from the first batch, for the whole run. @throws DataError, SafetyError where it gives none */
export function frameOf({ experiment, description }: Pick<RunContext, 'experiment' | 'description'>, firstBatch: Batch): Frame {
  const bounds = resolveBounds(experiment.bounds, steeredVariables(description), firstBatch);
  return {
    bounds,
    scales: fitScales(description, firstBatch, bounds, experiment.models.rewardScale),
    constraints: experiment.safety.constrain ? boundConstraints(description, bounds) : [],
  };
}
