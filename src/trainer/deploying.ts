import type { Batch, Episode } from '../learning/data/batch';
import { writeBatch } from '../learning/data/parquet';
import { createPolicyController } from '../learning/policy/policyController';
import { recordEpisodes } from '../learning/system/record';
import { episodeSeeds } from '../learning/system/seeds';
import { encodeFloat32File } from '../run/float32File';
import { iterationFiles } from '../run/paths';
import { english, sentence } from '../sentence/sentence';
import type { Frame, IterationContext } from './context';
import type { Policies } from './searching';

/** Deploys all K policies in the simulator and records what joins the batch. The probe is never deployed. */
export function deploy(context: IterationContext, policies: Policies): void {
  const { experiment, output, iteration, batch, random, frame, simulators } = context;
  output.begin(iteration, 'deploying');
  const { episodes, steps } = experiment.deployment;
  const recorded: Episode[] = [];
  let infeasible = 0;
  for (let index = 0; index < experiment.policies.count; index++) {
    const controller = createPolicyController(policies.definitions[index]);
    recorded.push(...recordEpisodes({
      simulator: simulators.create(episodes), controller, steps, iteration, policy: index + 1,
      seeds: episodeSeeds(random.fork('deployment', iteration, index), episodes),
    }));
    infeasible += controller.infeasible;
    output.progress(iteration, 'deploying', index + 1, experiment.policies.count, {});
    output.leaveIfAsked();
  }
  if (infeasible > 0) {
    const said = sentence('In {0} actions of the deployment the bounds and the largest change left no action that keeps all bounds; the least violation was taken. Widen the bounds or the largest change.', infeasible);
    output.event({ type: 'warning', code: 'infeasible-limits', iteration, message: english(said), sentence: said });
  }
  const joined: Batch = { ...batch, episodes: recorded };
  output.file(iterationFiles.batch(iteration), new Uint8Array(writeBatch(joined)), iteration);
  output.file(iterationFiles.trajectories(iteration), trajectoriesFile(joined, frame), iteration);
  output.end(iteration, 'deploying');
}

/** The real episodes as numbers for charts, [episodes × frames × variables]. */
export function trajectoriesFile({ stateNames, actionNames, episodes }: Batch, frame: Frame): Uint8Array {
  const names = [...stateNames, ...actionNames, 'reward'];
  const frames = Math.max(...episodes.map((episode) => episode.frames));
  const data = new Float32Array(episodes.length * frames * names.length).fill(Number.NaN);
  episodes.forEach((episode, e) => {
    for (let row = 0; row < episode.frames; row++) {
      const at = (e * frames + row) * names.length;
      data.set(episode.states.subarray(row * stateNames.length, (row + 1) * stateNames.length), at);
      data.set(episode.actions.subarray(row * actionNames.length, (row + 1) * actionNames.length), at + stateNames.length);
      data[at + names.length - 1] = episode.rewards[row];
    }
  });
  return encodeFloat32File({ names, shape: [episodes.length, frames, names.length], notes: { policies: episodes.map((episode) => episode.policy), bounds: frame.bounds } }, data);
}
