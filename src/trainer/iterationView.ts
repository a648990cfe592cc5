import type { Experiment, SystemDescription } from '../experiment/experiment';
import { describeExperiment } from '../experiment/describeExperiment';
import { validateExperiment } from '../experiment/validate';
import { type Batch, joinBatches } from '../learning/data/batch';
import { readBatch } from '../learning/data/parquet';
import { parseJson } from '../run/guards';
import { experimentFile, iterationFiles } from '../run/paths';
import type { RunReader } from '../run/reader';
import { RunError } from '../run/runError';
import { sha256Of } from '../run/verifiedFile';
import { sentence } from '../sentence/sentence';
import type { Frame } from './context';
import type { Models } from './phases/modelsFile';
import { readModels } from './phases/readModels';

/** What an iteration of a run knew when its policies were searched, read from the run folder. */
export interface IterationView {
  readonly experiment: Experiment;
  readonly description: SystemDescription;
  readonly iteration: number;
  readonly frame: Frame;
  readonly models: Models;
  /** of models.json */
  readonly modelsSha256: string;
  /** all recordings before the iteration's deployment */
  readonly batch: Batch;
}

/** @throws RunError file-missing before the iteration has models, file-changed, invalid-file for an experiment of another version */
export async function openIteration(reader: RunReader, iteration: number): Promise<IterationView> {
  const experimentText = reader.experimentText();
  // horizon, discount and units come from there
  if (sha256Of(experimentText) !== reader.description.experimentSha256) throw new RunError('file-changed', sentence('{0} is not what the run wrote. Restore it, or train again.', experimentFile));
  const { experiment, findings } = validateExperiment(experimentText);
  if (experiment === null) throw new RunError('invalid-file', sentence('The experiment of {0} does not suit this version: {1}', reader.folder, findings.find((finding) => finding.severity === 'error')?.message ?? ''));
  const text = reader.readText(iterationFiles.models(iteration));
  const description = describeExperiment(experiment);
  const place = iterationFiles.models(iteration);
  let batch = await batchAt(reader, 0);
  for (let earlier = 1; earlier < iteration; earlier++) if (reader.has(iterationFiles.batch(earlier))) batch = joinBatches(batch, await batchAt(reader, earlier));
  return { experiment, description, iteration, ...readModels(parseJson(text, place), experiment, description, place), modelsSha256: sha256Of(text), batch };
}

async function batchAt(reader: RunReader, iteration: number): Promise<Batch> {
  return readBatch(new Uint8Array(reader.readFile(iterationFiles.batch(iteration))).buffer);
}
