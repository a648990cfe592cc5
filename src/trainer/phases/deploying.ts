import type { Batch } from '../../learning/data/batch';
import { writeBatch } from '../../learning/data/parquet';
import { roundOnItsSide } from '../../learning/safety/float32';
import { episodeSeeds } from '../../learning/system/seeds';
import { encodeFloat32File } from '../../run/float32File';
import { iterationFiles } from '../../run/paths';
import { english, sentence } from '../../sentence/sentence';
import type { Frame, IterationContext } from '../context';
import type { Play } from '../simulation/playing';
import type { Policies } from './searching';

/** Deploys all K policies in the simulator and records what joins the batch. The probe is never deployed. */
export function deploy(context: IterationContext, policies: Policies): void {
  const { experiment, output, iteration, batch, random, frame, players } = context;
  output.begin(iteration, 'deploying');
  const { episodes, steps } = experiment.deployment;
  const plays = policies.definitions.slice(0, experiment.policies.count).map((definition, index): Play => ({
    player: { kind: 'policy', definition }, seeds: episodeSeeds(random.fork('deployment', iteration, index), episodes), steps, iteration, policy: index + 1,
  }));
  const played = players.play(plays, (done, total) => output.progress(iteration, 'deploying', done, total, {}));
  const infeasible = played.reduce((sum, own) => sum + own.infeasible, 0);
  if (infeasible > 0) {
    const said = sentence('In {0} actions of the deployment the bounds and the largest change left no action that keeps all bounds; the least violation was taken. Widen the bounds or the largest change.', infeasible);
    output.event({ type: 'warning', code: 'infeasible-limits', iteration, message: english(said), sentence: said });
  }
  const joined: Batch = { ...batch, episodes: played.flatMap((own) => own.episodes) };
  output.file(iterationFiles.batch(iteration), new Uint8Array(writeBatch(joined)), iteration);
  output.file(iterationFiles.trajectories(iteration), trajectoriesFile(joined, frame), iteration);
  output.end(iteration, 'deploying');
}

/** The real episodes as numbers for charts, [episodes × frames × variables]; what kept a bound still does as float32, and what left it does not. */
export function trajectoriesFile({ stateNames, actionNames, episodes }: Batch, frame: Frame): Uint8Array {
  const names = [...stateNames, ...actionNames, 'reward'];
  const bounds = stateNames.map((name) => frame.bounds[name]);
  const frames = Math.max(...episodes.map((episode) => episode.frames));
  const data = new Float32Array(episodes.length * frames * names.length).fill(Number.NaN);
  episodes.forEach((episode, e) => {
    for (let row = 0; row < episode.frames; row++) {
      const at = (e * frames + row) * names.length;
      for (let i = 0; i < stateNames.length; i++) {
        const value = episode.states[row * stateNames.length + i];
        data[at + i] = bounds[i] === undefined ? value : roundOnItsSide(value, bounds[i]);
      }
      data.set(episode.actions.subarray(row * actionNames.length, (row + 1) * actionNames.length), at + stateNames.length);
      data[at + names.length - 1] = episode.rewards[row];
    }
  });
  return encodeFloat32File({ names, shape: [episodes.length, frames, names.length], notes: { policies: episodes.map((episode) => episode.policy), bounds: frame.bounds } }, data);
}
