import type { Batch } from '../../learning/data/batch';
import { joinBatches } from '../../learning/data/batch';
import { readBatch, writeBatch } from '../../learning/data/parquet';
import { recordEpisodes } from '../../learning/system/record';
import { createScripted } from '../../learning/system/scripted/createScripted';
import { episodeSeeds } from '../../learning/system/seeds';
import { iterationFiles } from '../../run/paths';
import { english } from '../../sentence/sentence';
import type { RunContext } from '../context';
import { doubtsWithData, orInvalidInput } from '../firstBatchChecks';
import { doubtsAbout } from '../recordingDoubts';

/** The file of the rows that joined in an iteration; 0: the first batch. */
export function batchFile(iteration: number): string {
  return iterationFiles.batch(iteration);
}

/** All recordings that an iteration learns from: the first batch and what the iterations before it deployed. */
export async function batchOf(context: RunContext, iteration: number): Promise<Batch> {
  let batch = await readRows(context, 0);
  for (let earlier = 1; earlier < iteration; earlier++) if (context.output.has(batchFile(earlier))) batch = joinBatches(batch, await readRows(context, earlier));
  return batch;
}

async function readRows({ output }: RunContext, iteration: number): Promise<Batch> {
  const bytes = output.read(batchFile(iteration));
  return readBatch(new Uint8Array(bytes).buffer);
}

/** Makes the first batch of a run on a simulator. @throws InvalidInput where the batch and the experiment cannot be used together */
export function collect(context: RunContext): Batch {
  const { experiment, description, output } = context;
  output.begin(1, 'collecting');
  const batch = recordFirstBatch(context);
  const unlike = experiment.system.kind === 'program' ? doubtsAbout(description, batch, null) : [];
  for (const { code, said } of [...unlike, ...orInvalidInput(() => doubtsWithData(experiment, batch))]) output.event({ type: 'warning', code, message: english(said), sentence: said, iteration: 1 });
  output.file(batchFile(0), new Uint8Array(writeBatch(batch)), 1);
  output.end(1, 'collecting');
  return batch;
}

/** Records the first batch with the scripted behaviour of the experiment. */
export function recordFirstBatch({ experiment, description, random, simulators }: Pick<RunContext, 'experiment' | 'description' | 'random'> & { readonly simulators: Pick<RunContext['simulators'], 'create'> }): Batch {
  const { generate } = experiment.data;
  if (generate === null) throw new RangeError('Recordings of a plant are imported, not made.');
  const { behaviour, epsilon, episodes, steps } = generate;
  const recorded = recordEpisodes({
    simulator: simulators.create(episodes),
    controller: createScripted(experiment.system, behaviour, epsilon, description),
    steps,
    seeds: episodeSeeds(random.fork('first batch'), episodes),
    iteration: 0,
    policy: 0,
  });
  return { stateNames: description.states.map((variable) => variable.name), actionNames: description.actions.map((action) => action.name), episodes: recorded };
}
