import { describeExperiment } from '../experiment/describeExperiment';
import type { Experiment } from '../experiment/experiment';
import { ExperimentError, type FindingCode } from '../experiment/findings';
import { noPlaces } from '../experiment/validate';
import { type DataFinding, validateWithData } from '../experiment/validateWithData';
import { ImportError } from '../import/importError';
import type { Batch } from '../learning/data/batch';
import { summariseBatch } from '../learning/data/batchSummary';
import { DataError } from '../learning/data/dataError';
import { splitBatch } from '../learning/data/split';
import { Random } from '../learning/random';
import { SafetyError } from '../learning/safety/safetyError';
import type { Sentence } from '../sentence/sentence';
import { frameOf } from './frame';
import { InvalidInput } from './invalidInput';

/**
 * What modelling will do with recordings, so that those that cannot be learned from are not taken in.
 * @throws DataError
 */
export function requireLearnable({ models, policies, seed }: Experiment, batch: Batch): void {
  splitBatch(batch, models.holdout, Math.max(models.history, policies.history), new Random(seed).fork('split'));
}

/** The same of a first batch, which gives bounds and scales too. @throws DataError, SafetyError */
export function requireUsable(experiment: Experiment, batch: Batch): void {
  requireLearnable(experiment, batch);
  frameOf({ experiment, description: describeExperiment(experiment) }, batch);
}

/**
 * What is doubtful about an experiment once its first batch is known.
 * @throws DataError, SafetyError, ExperimentError where the two cannot be used together
 */
export function doubtsWithData(experiment: Experiment, batch: Batch): readonly DataFinding[] {
  requireUsable(experiment, batch);
  const findings = validateWithData({ experiment, places: noPlaces }, summariseBatch(batch));
  const error = findings.find((finding) => finding.severity === 'error');
  if (error) throw new ExperimentError(error.code, error.said, findings);
  return findings;
}

/**
 * The finding that an error about recordings amounts to, for the validator and the trainer alike.
 * @returns null for any other error
 */
export function recordingsFinding(error: unknown): { readonly code: FindingCode; readonly said: Sentence } | null {
  if (error instanceof ExperimentError) return { code: error.code, said: error.sentence };
  const unusable = error instanceof ImportError || error instanceof DataError || error instanceof SafetyError;
  return unusable ? { code: 'recordings-unusable', said: error.sentence } : null;
}

/** Does the work, of which such an error is invalid input. @throws InvalidInput with the finding's code */
export function orInvalidInput<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const finding = recordingsFinding(cause);
    throw finding === null ? cause : new InvalidInput(finding.said, { code: finding.code, cause });
  }
}
