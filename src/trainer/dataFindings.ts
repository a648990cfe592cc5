import type { Experiment } from '../experiment/experiment';
import { ExperimentError, type Finding } from '../experiment/findings';
import { validateWithData } from '../experiment/validateWithData';
import { noPlaces } from '../experiment/validate';
import type { Batch } from '../learning/data/batch';
import { summariseBatch } from '../learning/data/batchSummary';

/**
 * What is doubtful about an experiment once its first batch is known.
 * @throws ExperimentError where the two mean nothing together
 */
export function doubtsWithData(experiment: Experiment, batch: Batch): readonly Finding[] {
  const findings = validateWithData({ experiment, places: noPlaces }, summariseBatch(batch));
  const error = findings.find((finding) => finding.severity === 'error');
  if (error) throw new ExperimentError(error.code, error.message, findings);
  return findings;
}
