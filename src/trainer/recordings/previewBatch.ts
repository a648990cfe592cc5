import { describeExperiment } from '../../experiment/describeExperiment';
import type { Experiment } from '../../experiment/experiment';
import type { Batch } from '../../learning/data/batch';
import { Random } from '../../learning/random';
import { createSimulator } from '../../learning/system/createSimulator';
import { recordFirstBatch } from '../phases/collecting';
import { namedRecordings } from './plantRecordings';

/**
 * The batch that a run of the experiment would begin with, row for row, without a run.
 *
 * @param folder of the experiment file
 * @returns null for a simulator program, which only a run starts
 * @throws as `namedRecordings`
 */
export function previewBatch(experiment: Experiment, folder: string): Batch | null {
  const { data, seed, system } = experiment;
  if (data.files) return namedRecordings(experiment, folder).batch;
  if (system.kind === 'program') return null;
  return recordFirstBatch({ experiment, description: describeExperiment(experiment), random: new Random(seed), simulators: { create: (episodes) => createSimulator(system, episodes) } });
}
