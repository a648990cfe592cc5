import { joinBatches } from '../learning/data/batch';
import { readBatch } from '../learning/data/parquet';
import type { Decision, Predicted } from '../run/contract';
import { iterationFiles } from '../run/paths';
import { batchFile, batchOf, collect } from './phases/collecting';
import type { IterationContext, RunContext } from './context';
import { deploy } from './phases/deploying';
import { evaluate } from './phases/evaluating';
import { frameOf } from './frame';
import type { ComputeData } from './messages';
import { fitModels } from './phases/modelling';
import type { Models } from './phases/modelsFile';
import { predictPolicies } from './phases/predicting';
import { takeIn } from './phases/plantEvaluation';
import { readModels } from './phases/readModels';
import { parentsOf, policiesOf, policyFile, type Policies, searchPolicies } from './phases/searching';

export type LoopEnd = 'done' | 'stopped' | 'awaiting-approval' | 'awaiting-data';

/**
 * Iterative batch reinforcement learning, arXiv 2411.09722: batch → models → K policies → prediction and diff → decision →
 * deployment → evaluation → larger batch. A phase whose files are there is not done again; whatever a phase needs, it
 * takes from the files of the phases before it, so a resumed run goes on with the same bits. A plant is deployed to by people:
 * its iteration waits for the recordings that `add-data` puts there.
 *
 * @throws Stopped
 */
export async function runLoop(context: RunContext, { added, decisions }: Pick<ComputeData, 'added' | 'decisions'>, sha256Of: (path: string) => string): Promise<LoopEnd> {
  const { experiment, output } = context;
  const isPlant = experiment.system.kind === 'plant';
  const firstBatch = output.has(batchFile(0)) ? await batchOf(context, 1) : collect(context);
  const frame = frameOf(context, firstBatch);
  let batch = firstBatch;
  let models: Models | null = null;
  let policies: Policies | null = null;
  for (let iteration = 1; iteration <= experiment.iterations; iteration++) {
    const view: IterationContext = { ...context, iteration, batch, frame };
    const before: { models: Models | null; policies: Policies | null } = { models, policies };
    models = output.has(iterationFiles.models(iteration)) ? readModels(output.readJson(iterationFiles.models(iteration)), experiment, view.description, iterationFiles.models(iteration)).models : fitModels(view, before.models);
    const parents = parentsOf(view);
    policies = isSearched(context, iteration) ? policiesOf(context, iteration, sha256Of) : searchPolicies(view, models, before.policies, parents);
    const predicted = output.has(iterationFiles.predicted(iteration)) && output.has(iterationFiles.diff(iteration))
      ? output.readJson<Predicted>(iterationFiles.predicted(iteration))
      : predictPolicies(view, models, policies, before.policies, parents);
    const decision = decide(view, decisions);
    if (decision === null) return 'awaiting-approval';
    if (decision === 'approved') {
      // rows of a call of add-data that was cut short before it told of them wait for it to be given again
      const told = added.reduce((sum, one) => sum + (one.iteration === iteration ? one.episodes : 0), 0);
      if (isPlant && (told === 0 || !output.has(iterationFiles.batch(iteration)))) return 'awaiting-data';
      if (!isPlant && (!output.has(iterationFiles.batch(iteration)) || !output.has(iterationFiles.trajectories(iteration)))) deploy(view, policies);
      const recorded = await readBatch(new Uint8Array(output.read(iterationFiles.batch(iteration))).buffer);
      batch = joinBatches(batch, isPlant ? { ...recorded, episodes: recorded.episodes.slice(0, told) } : recorded);
      if (isPlant && !output.has(iterationFiles.trajectories(iteration))) takeIn(view, models, batch.episodes);
      if (!output.has(iterationFiles.evaluation(iteration))) evaluate(view, models, policies, predicted, batch.episodes);
    }
    if (iteration < experiment.iterations && output.stopsAfterIteration()) return 'stopped';
  }
  return 'done';
}

function isSearched(context: RunContext, iteration: number): boolean {
  const paths = Array.from({ length: context.experiment.policies.count + 1 }, (_, index) => policyFile(context, iteration, index));
  return [...paths, iterationFiles.curves(iteration)].every((path) => context.output.has(path));
}

/** Whether the policies of an iteration may be deployed; null: nobody has said yet. */
function decide({ experiment, iteration, output }: IterationContext, decisions: ComputeData['decisions']): Decision['decision'] | null {
  const path = iterationFiles.decision(iteration);
  if (output.has(path)) return output.readJson<Decision>(path).decision;
  const taken = decisions.find((candidate) => candidate.iteration === iteration);
  if (!taken && experiment.deployment.approval === 'manual') return null;
  const decision: Decision = { format: 'ibrl-decision', version: 1, iteration, decision: taken?.decision ?? 'approved', by: taken?.by ?? 'automatic', reason: null };
  // the event first: cut short between the two, a resume writes the file by the event
  if (!taken) output.event({ type: 'decision', iteration, decision: 'approved', by: 'automatic' });
  output.json(path, decision, iteration);
  return decision.decision;
}
