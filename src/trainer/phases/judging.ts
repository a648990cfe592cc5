import type { Split } from '../../learning/data/split';
import { judgeModels, type Reliability } from '../../learning/evaluation/modelReliability';
import type { Episode } from '../../learning/data/batch';
import { iterationFiles } from '../../run/paths';
import type { ReliabilityFile } from '../../run/reliability';
import { english } from '../../sentence/sentence';
import type { IterationContext } from '../context';
import type { Models } from './modelsFile';

/** Digits that a file of errors holds: more than their windows can bear. */
const DIGITS = 5;

/**
 * Judges freshly fitted models on the rows that were held out. Written before `models.json`, so that where there are models there
 * is their judgement.
 * @param split that the models were fitted with
 */
export function judgeOnHoldout(context: IterationContext, models: Models, split: Split): void {
  const { description, frame, batch, iteration, output } = context;
  const judged = judgeModels(description, frame.scales, models, batch, batch.episodes, split.heldOut);
  output.json(iterationFiles.reliability(iteration), reliabilityFile(iteration, 'held-out', judged), iteration);
}

/**
 * Judges an iteration's models on what its policies recorded, before any model learns from it: on all of it, as nothing of it was
 * seen. Written before `evaluation.json`.
 * @param recorded episodes that this iteration's deployment recorded; without any, nothing is written
 */
export function judgeOnNew(context: IterationContext, models: Models, recorded: readonly Episode[]): void {
  const { description, frame, batch, iteration, output } = context;
  if (recorded.length === 0) return;
  const judged = judgeModels(description, frame.scales, models, batch, recorded, recorded.map((episode) => new Uint8Array(episode.frames).fill(1)));
  output.json(iterationFiles.newReliability(iteration), reliabilityFile(iteration, 'new', judged), iteration);
}

function reliabilityFile(iteration: number, on: ReliabilityFile['on'], { horizons, variables }: Reliability): ReliabilityFile {
  const rounded = (values: readonly (number | null)[]) => values.map((value) => (value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(DIGITS))));
  return {
    format: 'ibrl-reliability', version: 1, iteration, on,
    horizons: horizons.map(({ steps, windows, reason }) => ({ steps, windows, ...(reason === null ? { reason } : { reason: english(reason), sentence: reason }) })),
    variables: variables.map((variable) => ({
      ...variable, standardDeviation: rounded([variable.standardDeviation])[0] ?? 0,
      error: rounded(variable.error), naive: rounded(variable.naive), spread: rounded(variable.spread), within: rounded(variable.within),
    })),
  };
}
